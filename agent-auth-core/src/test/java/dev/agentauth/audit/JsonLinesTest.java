package dev.agentauth.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.agentauth.AgentAuth;
import dev.agentauth.AgentAuthBuilder;
import dev.agentauth.Caller;
import dev.agentauth.memory.InMemoryUserDirectory;
import dev.agentauth.spi.PortUnavailableException;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sink as it is used: on real files, on standard output, and behind a service. */
class JsonLinesTest {
    private static final Path FULL = Path.of("/dev/full");

    @TempDir
    private Path folder;

    private final PrintStream outBefore = System.out;

    @AfterEach
    void restore() {
        System.setOut(outBefore);
    }

    @Test
    void closingTheServiceWritesWhatItsOwnSinkHolds() throws Exception {
        ByteArrayOutputStream out = redirect();
        AgentAuth auth = service().build();
        auth.registerAnonymous(Caller.unknown());
        auth.close();

        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines).hasSize(2).allMatch(line -> line.startsWith("{\"id\":\"evt_"));
        assertThat(new ObjectMapper().readTree(lines.get(0)).get("event").textValue())
                .isEqualTo("registration.created");
    }

    @Test
    void sinkThatWasGivenIsTheEmbeddersToClose() throws Exception {
        Path file = folder.resolve("audit.jsonl");
        JsonLines sink = JsonLines.toFile(file);
        AgentAuth auth = service().audit(sink).build();
        auth.registerAnonymous(Caller.unknown());
        auth.close();
        sink.record(TestEvents.numbered(0, 0));
        sink.close();

        assertThat(Files.readAllLines(file)).hasSize(3);
        assertThatExceptionOfType(PortUnavailableException.class)
                .isThrownBy(() -> sink.record(TestEvents.numbered(0, 1)));
    }

    @Test
    void f34_eventsThatAFullDiskBehindStandardOutputDidNotTakeAreCountedByHealth() throws Exception {
        assumeTrue(Files.exists(FULL), "there is no /dev/full");
        try (PrintStream full = new PrintStream(new FileOutputStream(FULL.toFile()))) {
            System.setOut(full);
            try (AgentAuth auth = service().build()) {
                auth.registerAnonymous(Caller.unknown());
                awaitLost(() -> auth.health().lostAuditEvents(), 2);
                auth.registerAnonymous(Caller.unknown());

                assertThat(auth.health().lostAuditEvents()).isEqualTo(4);
                assertThat(auth.health().isUp()).isTrue();
            }
        }
    }

    @Test
    void standardOutputThatWasReplacedIsAnotherOne() throws Exception {
        assumeTrue(Files.exists(FULL), "there is no /dev/full");
        JsonLines sink = JsonLines.toStandardOutput();
        try (PrintStream full = new PrintStream(new FileOutputStream(FULL.toFile()))) {
            System.setOut(full);
            sink.record(TestEvents.numbered(0, 0));
            awaitLost(sink::lost, 1);
        }
        ByteArrayOutputStream another = redirect();
        sink.record(TestEvents.numbered(0, 1));
        sink.close();

        assertThat(another.toString(StandardCharsets.UTF_8).lines()).hasSize(1);
        assertThat(sink.lost()).isEqualTo(1);
    }

    @Test
    void f34_eventsThatAFullDiskDidNotTakeAreCountedByHealthAtOnceInSynchronousMode() {
        assumeTrue(Files.exists(FULL), "there is no /dev/full");
        JsonLines sink = JsonLines.toFile(FULL).synchronous();
        try (AgentAuth auth = service().audit(sink).build()) {
            auth.registerAnonymous(Caller.unknown());

            assertThat(auth.health().lostAuditEvents()).isEqualTo(2);
        }
        sink.close();
    }

    @Test
    void f34_eventsThatAFullDiskHasNotTakenByTheEndAreCounted() {
        assumeTrue(Files.exists(FULL), "there is no /dev/full");
        JsonLines sink = JsonLines.toFile(FULL);
        sink.record(TestEvents.numbered(0, 0));
        sink.record(TestEvents.numbered(0, 1));
        sink.close();

        assertThat(sink.lost()).isEqualTo(2);
    }

    @Test
    void linesOfTwoSinksAndOfOthersOnStandardOutputStayWhole() throws Exception {
        Path file = folder.resolve("out.txt");
        try (PrintStream out = new PrintStream(new FileOutputStream(file.toFile()), true, StandardCharsets.UTF_8)) {
            System.setOut(out);
            List<JsonLines> sinks = List.of(JsonLines.toStandardOutput(), JsonLines.toStandardOutput());
            List<Thread> threads = new ArrayList<>();
            for (JsonLines sink : sinks) {
                for (int i = 0; i < 2; i++) {
                    int number = i;
                    threads.add(new Thread(() -> {
                        for (int event = 0; event < 5_000; event++) {
                            sink.record(TestEvents.numbered(number, event));
                        }
                    }));
                }
            }
            threads.add(new Thread(() -> {
                for (int i = 0; i < 5_000; i++) {
                    System.out.println("something else");
                }
            }));
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
            sinks.forEach(JsonLines::close);
        }

        assertThat(Files.readAllLines(file))
                .hasSize(25_000)
                .allMatch(line -> line.equals("something else")
                        || (line.startsWith("{\"id\":") && line.endsWith("}") && line.indexOf('{', 1) < 0));
    }

    @Test
    void killedProcessLosesNothingThatItHasAcknowledged() throws Exception {
        Path file = folder.resolve("audit.jsonl");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path")
                                + File.pathSeparator
                                + System.getProperty("jdk.module.path"),
                        AcknowledgingWriter.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Set<String> acknowledged = new HashSet<>();
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = "";
            while (line != null && acknowledged.size() < 500) {
                line = in.readLine();
                acknowledged.add(line);
            }
            process.destroyForcibly();
        } finally {
            process.destroyForcibly();
        }
        process.waitFor();

        Set<String> written = new HashSet<>();
        ObjectMapper mapper = new ObjectMapper();
        List<String> lines = Files.readAllLines(file);
        for (String line : Files.readString(file).endsWith("\n") ? lines : lines.subList(0, lines.size() - 1)) {
            assertThat(written.add(mapper.readTree(line).get("id").textValue())).isTrue();
        }
        assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(500).isSubsetOf(written);
    }

    @Test
    void fileThatCannotBeOpenedIsRefusedAtTheStart() {
        assertThatThrownBy(() -> JsonLines.toFile(folder.resolve("nowhere").resolve("audit.jsonl")))
                .isInstanceOf(UncheckedIOException.class);
    }

    private static AgentAuthBuilder service() {
        return AgentAuth.builder("https://service.example", "https://service.example/api/")
                .preClaimScopes("api.read")
                .postClaimScopes("api.read")
                .mailer(mail -> {})
                .users(new InMemoryUserDirectory())
                .purgeByEmbedder()
                .withoutRateLimits();
    }

    private static ByteArrayOutputStream redirect() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        return out;
    }

    private static void awaitLost(LongSupplier lost, int events) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (lost.getAsLong() < events) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }
}
