package dev.agentauth.memory;

import dev.agentauth.spi.Stores;
import dev.agentauth.testkit.StoresContract;

class InMemoryStoresTest extends StoresContract {
    @Override
    protected Stores newStores(String issuer) {
        return InMemoryStores.of(issuer);
    }

    @Override
    protected Stores newNeighbour(String issuer) {
        return InMemoryStores.of(issuer);
    }
}
