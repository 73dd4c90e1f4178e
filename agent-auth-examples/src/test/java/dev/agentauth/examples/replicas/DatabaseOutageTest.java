package dev.agentauth.examples.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseOutageTest {
    private static final Duration OUTAGE = Duration.ofSeconds(5);
    private static final Duration TO_RECOVER = Duration.ofSeconds(2);

    @Test
    @DisplayName(
            "While PostgreSQL is away there are 503s and nothing else, none of them half-done; two seconds after it is"
                    + " back all is well")
    void awayForFiveSeconds(@TempDir Path folder) throws Exception {
        try (Replicas replicas = Replicas.start(folder)) {
            long down;
            long up;
            Load load = Load.start(replicas);
            try (load) {
                load.awaitMore(300);
                replicas.database().stop();
                down = System.nanoTime();
                for (Replica replica : replicas.both()) {
                    assertThat(replica.document("/auth.md").status()).isEqualTo(200);
                    assertThat(replica.document("/.well-known/jwks.json").status())
                            .isEqualTo(200);
                }
                Thread.sleep(
                        Math.max(0, OUTAGE.minusNanos(System.nanoTime() - down).toMillis()));
                replicas.database().startAgain();
                up = System.nanoTime();
                load.awaitMore(500);
            }

            // A request that began a moment before may still have been answered by the database.
            List<Load.Exchange> meanwhile = load.exchanges().stream()
                    .filter(exchange -> exchange.startedAt() > down && exchange.endedAt() < down + OUTAGE.toNanos())
                    .toList();
            List<Load.Exchange> afterwards = load.exchanges().stream()
                    .filter(exchange -> exchange.startedAt() > up)
                    .toList();
            long lastFailure = afterwards.stream()
                    .filter(exchange -> exchange.status() == 0 || exchange.status() >= 500)
                    .mapToLong(Load.Exchange::endedAt)
                    .max()
                    .orElse(up);
            long firstSuccess = load.exchanges().stream()
                    .filter(exchange -> exchange.endedAt() > down + OUTAGE.toNanos() && Load.isGood(exchange))
                    .mapToLong(Load.Exchange::endedAt)
                    .min()
                    .orElse(Long.MAX_VALUE);
            System.out.printf(
                    "database away: %d ms; meanwhile %d answers, all 503; first success %d ms after it was back, last"
                            + " failure %d ms%n%s%n",
                    (up - down) / 1_000_000,
                    meanwhile.size(),
                    (firstSuccess - up) / 1_000_000,
                    (lastFailure - up) / 1_000_000,
                    load.report());
            assertThat(meanwhile).isNotEmpty().extracting(Load.Exchange::status).containsOnly(503);
            assertThat(load.exchanges()).as("answers").noneMatch(exchange -> exchange.status() == 0);
            assertThat(Duration.ofNanos(firstSuccess - up)).isLessThan(TO_RECOVER);
            assertThat(Duration.ofNanos(lastFailure - up)).isLessThan(TO_RECOVER);
            load.assertNothingWasLost();
        }
    }
}
