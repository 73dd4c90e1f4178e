package dev.agentauth.examples.readme;

import dev.agentauth.examples.readme.SnapshotRegistrationStore.Cell;
import dev.agentauth.examples.readme.SnapshotRegistrationStore.Row;
import dev.agentauth.examples.readme.SnapshotRegistrationStore.Snapshot;
import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.testkit.Outage;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

// begin: MemoryCell
/** A backend in memory that can be taken away. Like a real one, it may have stored what it could not confirm any more. */
final class MemoryCell implements Cell, Outage {
    private final AtomicReference<Snapshot> newest = new AtomicReference<>(new Snapshot(Map.of()));
    private volatile boolean away;

    @Override
    public Snapshot read() {
        requireReachable();
        return newest.get();
    }

    @Override
    public boolean compareAndSet(Snapshot expected, Map<String, Row> next) {
        requireReachable();
        boolean stored = newest.compareAndSet(expected, new Snapshot(next));
        requireReachable();
        return stored;
    }

    @Override
    public void begin() {
        away = true;
    }

    @Override
    public void end() {
        away = false;
    }

    private void requireReachable() {
        if (away) {
            throw new PortUnavailableException("the snapshot is out of reach");
        }
    }
}
// end: MemoryCell
