package dev.agentauth.examples.readme;

import static dev.agentauth.testkit.TestRegistrations.NOW;
import static dev.agentauth.testkit.TestRegistrations.anonymous;
import static dev.agentauth.testkit.TestRegistrations.identity;
import static dev.agentauth.testkit.TestRegistrations.provider;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.examples.readme.SnapshotRegistrationStore.Snapshot;
import dev.agentauth.registration.Registration;
import dev.agentauth.testkit.Race;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the contract, which opens one store, does not show: several over one backend. */
class SnapshotReplicasTest {
    private final MemoryCell cell = new MemoryCell();

    @Test
    void insertForOneIdentityOn64ReplicasAtOnceLetsOneThroughWhichAllSee() {
        List<SnapshotRegistrationStore> replicas =
                Race.run(Race.THREADS, number -> new SnapshotRegistrationStore(cell));

        List<Boolean> inserted = Race.run(
                Race.THREADS,
                number -> replicas.get(number).insert(provider("reg_" + number, identity("s"), "user_1"), NOW));

        assertThat(inserted).containsOnlyOnce(true);
        Registration winner = provider("reg_" + inserted.indexOf(true), identity("s"), "user_1");
        assertThat(replicas)
                .allSatisfy(replica -> assertThat(replica.findByUser("user_1")).containsExactly(winner));
    }

    @Test
    void refusedWritesLeaveTheSnapshotThatIsThere() {
        SnapshotRegistrationStore store = new SnapshotRegistrationStore(cell);
        assertThat(store.insert(provider("reg_1", identity("s"), "user_1"), NOW))
                .isTrue();
        Snapshot before = cell.read();

        assertThat(store.insert(provider("reg_2", identity("s"), "user_1"), NOW))
                .isFalse();
        assertThat(store.replace(anonymous("reg_3"), anonymous("reg_3"))).isEmpty();
        assertThat(store.purge(NOW.minusSeconds(1), NOW.minusSeconds(1), 10)).isEmpty();

        assertThat(cell.read()).isSameAs(before);
    }
}
