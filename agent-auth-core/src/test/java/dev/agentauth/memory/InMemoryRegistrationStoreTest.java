package dev.agentauth.memory;

import dev.agentauth.spi.RegistrationStore;
import dev.agentauth.testkit.RegistrationStoreContract;

class InMemoryRegistrationStoreTest extends RegistrationStoreContract {
    @Override
    protected RegistrationStore newStore() {
        return new InMemoryRegistrationStore();
    }
}
