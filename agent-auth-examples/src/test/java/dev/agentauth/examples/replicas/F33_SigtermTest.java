package dev.agentauth.examples.replicas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentauth.client.http.Http;
import dev.agentauth.client.http.Reply;
import dev.agentauth.examples.FreePorts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The demo as a process of its own that is told to stop while a claim waits for the mail server to take its mail. */
class F33_SigtermTest {
    private static final int SIGTERM = 128 + 15;

    @TempDir
    private Path folder;

    private final Http http = new Http();

    @ParameterizedTest
    @ValueSource(strings = {"-", "log", "audit.jsonl"})
    void f33_requestThatIsBeingAnsweredIsAnsweredAndAuditedBeforeTheProcessEnds(String audit) throws Exception {
        boolean toFile = audit.endsWith(".jsonl");
        Path file = folder.resolve(audit);
        try (SlowSmtp smtp = SlowSmtp.start();
                Replica demo = launch(smtp, Map.of("AGENT_AUTH_AUDIT", toFile ? file.toString() : audit))) {
            CompletableFuture<Reply> claim = startClaim(demo, smtp);

            Process process = demo.terminate();
            awaitRefusal(demo);
            assertThat(process.isAlive()).isTrue();
            smtp.go.countDown();

            assertThat(claim.get(30, TimeUnit.SECONDS).status()).isEqualTo(200);
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(SIGTERM);
            assertThat(toFile ? Files.readString(file) : demo.output()).contains("\"event\":\"claim.requested\"");
        }
    }

    @Test
    void f33_drainEndsWithItsConfiguredTime() throws Exception {
        try (SlowSmtp smtp = SlowSmtp.start();
                Replica demo = launch(smtp, Map.of("AGENT_AUTH_DRAIN", "1"))) {
            CompletableFuture<Reply> claim = startClaim(demo, smtp);

            Process process = demo.terminate();

            // Left alone, the mailer gives up after five seconds, and there is an answer.
            assertThatThrownBy(() -> claim.get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(UncheckedIOException.class);
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(demo.output())
                    .contains("what was left has been cut off")
                    .doesNotContain("IllegalStateException");
        }
    }

    private Replica launch(SlowSmtp smtp, Map<String, String> more) throws IOException {
        int port = FreePorts.two()[0];
        Map<String, String> environment = new HashMap<>(more);
        environment.put("AGENT_AUTH_SMTP", "smtp://127.0.0.1:" + smtp.port());
        environment.put("AGENT_AUTH_DEMO_PROVIDER", "off");
        Replica demo =
                Replica.launch(http, "http://localhost:" + port, port, environment, folder.resolve("output.txt"));
        demo.awaitAnswers();
        return demo;
    }

    private CompletableFuture<Reply> startClaim(Replica demo, SlowSmtp smtp) throws InterruptedException {
        String claimToken =
                demo.client().registerAnonymous().json().get("claim_token").text();
        CompletableFuture<Reply> claim =
                CompletableFuture.supplyAsync(() -> demo.client().startClaim(claimToken, "ada@example.com"));
        assertThat(smtp.waits.await(30, TimeUnit.SECONDS)).isTrue();
        return claim;
    }

    private static void awaitRefusal(Replica demo) {
        assertThatThrownBy(() -> {
                    while (true) {
                        demo.client().document("/auth.md");
                        TimeUnit.MILLISECONDS.sleep(20);
                    }
                })
                .isInstanceOf(UncheckedIOException.class);
    }

    /** A mail server that says nothing until it is told to. */
    private static final class SlowSmtp implements AutoCloseable {
        private final CountDownLatch waits = new CountDownLatch(1);
        private final CountDownLatch go = new CountDownLatch(1);
        private final ServerSocket server;

        private SlowSmtp(ServerSocket server) {
            this.server = server;
        }

        static SlowSmtp start() throws IOException {
            SlowSmtp smtp = new SlowSmtp(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            Thread thread = new Thread(smtp::serve, "slow-smtp");
            thread.setDaemon(true);
            thread.start();
            return smtp;
        }

        int port() {
            return server.getLocalPort();
        }

        private void serve() {
            try (Socket socket = server.accept();
                    BufferedReader in = new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
                    OutputStream out = socket.getOutputStream()) {
                waits.countDown();
                go.await();
                say(out, "220 ready");
                boolean data = false;
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    if (data) {
                        data = !line.equals(".");
                        if (data) {
                            continue;
                        }
                    } else if (line.equals("DATA")) {
                        data = true;
                    }
                    say(out, data ? "354 go on" : line.equals("QUIT") ? "221 bye" : "250 ok");
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private static void say(OutputStream out, String line) throws IOException {
            out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
