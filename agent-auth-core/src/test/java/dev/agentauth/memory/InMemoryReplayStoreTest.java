package dev.agentauth.memory;

import dev.agentauth.spi.ReplayStore;
import dev.agentauth.testkit.ReplayStoreContract;

class InMemoryReplayStoreTest extends ReplayStoreContract {
    @Override
    protected ReplayStore newStore() {
        return new InMemoryReplayStore();
    }
}
