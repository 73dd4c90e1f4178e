package dev.agentauth.memory;

import dev.agentauth.spi.AccessTokenStore;
import dev.agentauth.testkit.AccessTokenStoreContract;

class InMemoryAccessTokenStoreTest extends AccessTokenStoreContract {
    @Override
    protected AccessTokenStore newStore() {
        return new InMemoryAccessTokenStore();
    }
}
