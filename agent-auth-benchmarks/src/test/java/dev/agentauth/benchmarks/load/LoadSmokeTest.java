package dev.agentauth.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentauth.benchmarks.load.Generator.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The parts of the load runner, each for a moment. */
final class LoadSmokeTest {
    private static final Duration MOMENT = Duration.ofSeconds(30);
    private static final int FEW = 20;

    @TempDir
    private static Path work;

    private static ServerProcess floor;
    private static ServerProcess service;

    @BeforeAll
    static void start() throws IOException {
        floor = ServerProcess.start(FloorMain.class, work.resolve("floor.log"), "256m");
        service = ServerProcess.start(
                ServiceMain.class,
                work.resolve("service.log"),
                "256m",
                "residents=10",
                "audit=" + work.resolve("audit.log"));
    }

    @AfterAll
    static void stop() {
        floor.close();
        service.close();
    }

    private static List<byte[]> exchanges(int count) throws IOException {
        return service.credentials("assertions", count, work).stream()
                .map(Requests::exchange)
                .toList();
    }

    private static Run run(ServerProcess server, Traffic traffic) throws IOException {
        Run run = Generator.flatOut(server.port(), few(traffic), 2, MOMENT).checked("a moment");
        assertThat(run.answered()).isPositive();
        assertThat(run.p99()).isGreaterThanOrEqualTo(run.p50()).isPositive();
        return run;
    }

    /** Whether there is such an event; lines are written a moment later. */
    private static boolean auditOf(String event) throws IOException {
        for (int i = 0; i < 500; i++) {
            if (Files.readString(work.resolve("audit.log")).contains(event)) {
                return true;
            }
            LockSupport.parkNanos(10_000_000);
        }
        return false;
    }

    /** The beginning of it, so that a test takes no longer than it has to. */
    private static Traffic few(Traffic traffic) {
        return new Traffic() {
            private int left = FEW;

            @Override
            public byte[] next(int connection) {
                return left-- > 0 ? traffic.next(connection) : null;
            }

            @Override
            public void answered(int connection, byte[] buffer, int from, int to) {
                traffic.answered(connection, buffer, from, to);
            }
        };
    }

    @Test
    @DisplayName("the floor and the service answer the same exchange, and every event is in the audit file")
    void exchange() throws IOException {
        List<byte[]> requests = exchanges(3);
        run(floor, Traffic.cycling(requests));
        run(service, Traffic.cycling(requests));
        assertThat(auditOf("token.issued")).isTrue();
    }

    @Test
    @DisplayName("a first exchange ends with its assertions")
    void firstExchange() throws IOException {
        assertThat(run(service, Traffic.once(exchanges(3))).answered()).isEqualTo(3);
    }

    @Test
    @DisplayName("anonymous registration")
    void register() throws IOException {
        run(service, Traffic.cycling(List.of(Requests.registerAnonymously())));
    }

    @Test
    @DisplayName("each refresh token is used once, in the next run too")
    void refresh() throws IOException {
        Traffic chain = Traffic.refreshing(service.credentials("refresh-tokens", 2, work));
        run(service, chain);
        run(service, chain);
    }

    @Test
    @DisplayName("the API answers behind the filter as without it")
    void api() throws IOException {
        List<byte[]> requests = service.credentials("tokens", 10, work).stream()
                .map(Requests::callApi)
                .toList();
        run(service, Traffic.anyOf(requests));
        run(floor, Traffic.anyOf(requests));
    }

    @Test
    @DisplayName("what is refused is not taken for an answer")
    void refused() throws IOException {
        Run run = Generator.flatOut(service.port(), Traffic.once(List.of(Requests.callApi("at_unknown"))), 1, MOMENT);
        assertThat(run.failed()).isEqualTo(1);
        assertThatThrownBy(() -> run.checked("refused")).hasMessageContaining("401");
    }

    @Test
    @DisplayName("a fixed rate is kept")
    void fixedRate() throws IOException {
        Run run = Generator.atRate(floor.port(), Traffic.cycling(exchanges(1)), 4, Duration.ofMillis(500), 100);
        assertThat(run.checked("slowly").answered()).isEqualTo(50);
    }

    @Test
    @DisplayName("processor time goes on")
    void cpu() throws IOException {
        Duration before = floor.cpu();
        List<byte[]> requests = exchanges(1);
        for (int i = 0; i < 100 && floor.cpu().equals(before); i++) {
            run(floor, Traffic.cycling(requests));
        }
        assertThat(floor.cpu()).isGreaterThan(before);
    }
}
