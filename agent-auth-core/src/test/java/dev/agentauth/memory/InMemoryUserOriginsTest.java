package dev.agentauth.memory;

import dev.agentauth.spi.UserOrigins;
import dev.agentauth.testkit.UserOriginsContract;

class InMemoryUserOriginsTest extends UserOriginsContract {
    @Override
    protected UserOrigins newOrigins() {
        return new InMemoryUserOrigins();
    }
}
