package dev.agentauth.memory;

import dev.agentauth.spi.TokenStore;
import dev.agentauth.testkit.TokenStoreContract;

class InMemoryTokenStoreTest extends TokenStoreContract {
    @Override
    protected TokenStore newStore() {
        return new InMemoryTokenStore();
    }
}
