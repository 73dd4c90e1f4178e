package dev.agentauth.examples.readme;

import dev.agentauth.spi.RegistrationStore;
import dev.agentauth.testkit.Outage;
import dev.agentauth.testkit.RegistrationStoreContract;
import java.util.Optional;

// begin: SnapshotRegistrationStoreTest
class SnapshotRegistrationStoreTest extends RegistrationStoreContract {
    private final MemoryCell cell = new MemoryCell();

    @Override
    protected RegistrationStore newStore() {
        return new SnapshotRegistrationStore(cell);
    }

    @Override
    protected Optional<Outage> outage() {
        return Optional.of(cell);
    }
}
// end: SnapshotRegistrationStoreTest
