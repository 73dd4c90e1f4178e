package dev.agentauth.examples.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class KilledReplicaTest extends ReplicaTest {
    private static final Duration TIME = Duration.ofSeconds(Long.getLong("agentauth.kill-seconds", 60));

    @Test
    @DisplayName("Nothing that was answered 2xx is lost, and nothing revoked comes back, while replicas are killed")
    void killedAgainAndAgain() throws Exception {
        Random random = new Random(1);
        int kills = 0;
        Load load = Load.start(cluster);
        try (load) {
            long end = System.nanoTime() + TIME.toNanos();
            while (System.nanoTime() < end) {
                int number = kills % 2;
                load.awaitAnswers(number, 20 + random.nextInt(200));
                Replica victim = cluster.replica(number);
                victim.kill();
                kills++;
                load.awaitAnswers(1 - number, 20);
                victim.relaunch();
                victim.awaitAnswers();
            }
        }

        System.out.println("killed replicas: " + kills + " kills in " + TIME.toSeconds() + " s; answers: "
                + load.outcomes(exchange -> true));
        System.out.println("killed replicas: promises checked on both replicas: "
                + load.ledger().counts());
        assertThat(load.complaints()).isEmpty();
        assertThat(kills).isGreaterThan(1);
    }
}
