package dev.agentauth.memory;

import dev.agentauth.spi.LogoutMarks;
import dev.agentauth.testkit.LogoutMarksContract;

class InMemoryLogoutMarksTest extends LogoutMarksContract {
    @Override
    protected LogoutMarks newMarks() {
        return new InMemoryLogoutMarks();
    }
}
