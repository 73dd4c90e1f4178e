package dev.agentauth.memory;

import dev.agentauth.spi.UserDirectory;
import dev.agentauth.testkit.UserDirectoryContract;

class InMemoryUserDirectoryTest extends UserDirectoryContract {
    @Override
    protected UserDirectory newDirectory() {
        return new InMemoryUserDirectory();
    }
}
