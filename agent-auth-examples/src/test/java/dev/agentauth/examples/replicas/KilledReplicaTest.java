package dev.agentauth.examples.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledReplicaTest {
    private static final Duration TIME = Duration.ofSeconds(Long.getLong("agentauth.kill-seconds", 60));

    @Test
    @DisplayName(
            "Nothing that was answered 2xx is lost, and no revoked token comes back, while replicas are killed again"
                    + " and again")
    void killedAgainAndAgain(@TempDir Path folder) throws IOException {
        try (Replicas replicas = Replicas.start(folder)) {
            int kills = 0;
            Load load = Load.start(replicas);
            try (load) {
                long end = System.nanoTime() + TIME.toNanos();
                while (System.nanoTime() < end) {
                    load.awaitMore(100);
                    Replica victim = replicas.either(kills);
                    victim.kill();
                    kills++;
                    // The other one goes on alone.
                    load.awaitMore(50);
                    victim.start();
                    victim.awaitAnswer();
                }
            }

            System.out.printf("replicas killed: %d kills in %d s%n%s%n", kills, TIME.toSeconds(), load.report());
            assertThat(kills).isGreaterThanOrEqualTo(3);
            load.assertNothingWasLost();
        }
    }
}
