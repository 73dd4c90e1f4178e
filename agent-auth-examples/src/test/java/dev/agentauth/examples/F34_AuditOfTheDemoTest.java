package dev.agentauth.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.agentauth.client.http.Http;
import dev.agentauth.client.http.Reply;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Where the demo's audit goes, and what it says where it cannot. */
@ExtendWith(QuietLogs.class)
class F34_AuditOfTheDemoTest {
    private static final Path FULL = Path.of("/dev/full");

    @TempDir
    private Path folder;

    private final Http http = new Http();

    @Test
    void fileHasEveryEventOnceTheDemoIsClosed() throws Exception {
        Path file = folder.resolve("audit.jsonl");
        try (RunningDemo demo = RunningDemo.start("", Map.of("AGENT_AUTH_AUDIT", file.toString()))) {
            assertThat(register(demo.issuer()).status()).isEqualTo(200);
        }

        assertThat(Files.readAllLines(file))
                .hasSize(2)
                .satisfiesExactly(
                        line -> assertThat(line).contains("\"event\":\"registration.created\""),
                        line -> assertThat(line).contains("\"event\":\"assertion.issued\""));
    }

    @Test
    void fileThatCannotBeWrittenStopsTheStart() {
        Map<String, String> wrong = Map.of(
                "AGENT_AUTH_AUDIT",
                folder.resolve("nowhere").resolve("audit.jsonl").toString());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> RunningDemo.start("", wrong))
                .withMessageContaining("AGENT_AUTH_AUDIT")
                .withMessageContaining("a file that can be written");
    }

    @Test
    void standardOutputHasTheAuditAloneAndStandardErrorWhatPeopleRead() throws Exception {
        Path out = folder.resolve("out.txt");

        List<String> said = runAndRegister(out);

        assertThat(Files.readAllLines(out)).hasSize(2).allMatch(line -> line.startsWith("{\"id\":\"evt_"));
        assertThat(said).contains("Stop with Ctrl-C.").noneMatch(line -> line.contains("evt_"));
    }

    @Test
    void f34_fullDiskBehindStandardOutputIsSaidAndCostsNoAnswer() throws Exception {
        assumeTrue(Files.exists(FULL), "there is no /dev/full");

        List<String> said = runAndRegister(FULL);

        assertThat(said)
                .anyMatch(line -> line.contains("the audit could not write to standard output"))
                .anyMatch(line -> line.endsWith("could not write to standard output: 2")
                        || line.contains("the audit sink failed on "));
    }

    /** Runs the demo as a process of its own, until it has answered one registration; returns what it said to people. */
    private List<String> runAndRegister(Path out) throws IOException, InterruptedException {
        int port = FreePorts.two()[0];
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Demo.class.getName())
                .redirectOutput(out.toFile());
        builder.environment().put("AGENT_AUTH_PORT", String.valueOf(port));
        builder.environment().put("AGENT_AUTH_DEMO_PROVIDER", "off");
        Process demo = builder.start();
        try (BufferedReader in = demo.errorReader(StandardCharsets.UTF_8)) {
            List<String> said = new ArrayList<>();
            for (String line = in.readLine(); line != null && !line.startsWith("Stop with"); line = in.readLine()) {
                said.add(line);
            }
            said.add("Stop with Ctrl-C.");
            assertThat(register("http://localhost:" + port).status()).isEqualTo(200);
            demo.toHandle().destroy();
            in.lines().forEach(said::add);
            assertThat(demo.waitFor(30, TimeUnit.SECONDS)).isTrue();
            return said;
        } finally {
            demo.destroyForcibly();
        }
    }

    private Reply register(String issuer) {
        return http.postJson(issuer + "/agent/identity", Map.of("type", "anonymous"));
    }
}
