package dev.agentauth.examples.replicas;

import dev.agentauth.client.http.Http;
import dev.agentauth.examples.Demo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One JVM of the demo, which can be killed and started again. It ends with the JVM of the tests at the latest. */
final class Replica implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int TAIL = 60;

    private final Client client;
    private final ProcessBuilder command;
    private final Path output;
    private final Thread atExit = new Thread(this::destroy, "stop replica");
    private Process process;

    private Replica(Client client, ProcessBuilder command, Path output) throws IOException {
        this.client = client;
        this.command = command;
        this.output = output;
        this.process = command.start();
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /**
     * Launches a replica, which does not answer yet.
     *
     * @param output gets all that it says
     */
    static Replica launch(Http http, String issuer, int port, Map<String, String> environment, Path output)
            throws IOException {
        ProcessBuilder command = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Demo.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        command.environment().putAll(environment);
        command.environment().put("AGENT_AUTH_ISSUER", issuer);
        command.environment().put("AGENT_AUTH_PORT", String.valueOf(port));
        return new Replica(new Client(http, "http://localhost:" + port), command, output);
    }

    Client client() {
        return client;
    }

    /** Waits until it answers. */
    void awaitAnswers() {
        long deadline = System.nanoTime() + START.toNanos();
        while (!answers()) {
            if (!current().isAlive() || System.nanoTime() > deadline) {
                throw new IllegalStateException("the demo did not start: " + output());
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private boolean answers() {
        try {
            return client.document("/auth.md").status() == 200;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    /** SIGKILL: the process gets no chance to finish anything. Returns when it is gone. */
    void kill() throws InterruptedException {
        Process victim = current();
        victim.destroyForcibly();
        victim.waitFor();
    }

    /** SIGTERM; returns at once. */
    Process terminate() {
        Process leaving = current();
        leaving.destroy();
        return leaving;
    }

    /** Launches it again after a kill. */
    synchronized void relaunch() throws IOException {
        process = command.start();
    }

    private synchronized Process current() {
        return process;
    }

    private void destroy() {
        current().destroyForcibly();
    }

    /** All that it has said. */
    String output() {
        try {
            return Files.readString(output, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The last lines that are not of the audit's ordinary business. */
    String lastWords() {
        List<String> lines =
                output().lines().filter(line -> !line.startsWith("{\"id\":")).toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL), lines.size()));
    }

    @Override
    public void close() {
        destroy();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }
}
