package dev.agentauth.benchmarks.load;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A server in a process of its own. It ends when it is closed, and when this process ends, however that does. */
final class ServerProcess implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 10;
    private static final long BETWEEN_LOOKS_NANOS = 2_000_000;

    private final Process process;
    private final BufferedReader out;
    private final Writer in;
    private final int port;

    private ServerProcess(Process process, BufferedReader out, int port) {
        this.process = process;
        this.out = out;
        this.in = process.outputWriter(StandardCharsets.UTF_8);
        this.port = port;
    }

    /** Starts a jar; waits until a request is answered with 200. */
    static ServerProcess start(Path jar, Path log, int port, byte[] request, Map<String, String> environment)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(java(), "-Xmx1g", "-jar", jar.toString());
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        Process process = builder.start();
        endWithUs(process);
        while (!answers(port, request)) {
            if (!process.isAlive()) {
                throw new IOException(jar + " did not start: " + Files.readString(log));
            }
            LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
        }
        return new ServerProcess(process, process.inputReader(StandardCharsets.UTF_8), port);
    }

    private static boolean answers(int port, byte[] request) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(request);
            byte[] start = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
            return new String(start, StandardCharsets.US_ASCII).equals("HTTP/1.1 200");
        } catch (IOException e) {
            return false;
        }
    }

    private static void endWithUs(Process process) {
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "end-" + process.pid()));
    }

    /** Starts a main class of this module with our own class path; waits until it listens. */
    static ServerProcess start(Class<?> main, Path log, String heap, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(java(), "-Xmx" + heap));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        Process process =
                new ProcessBuilder(command).redirectError(log.toFile()).start();
        endWithUs(process);
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        String line = out.readLine();
        if (line == null || !line.startsWith("listening ")) {
            process.destroyForcibly();
            throw new IOException(main.getSimpleName() + " did not start: " + Files.readString(log));
        }
        return new ServerProcess(process, out, Integer.parseInt(line.substring("listening ".length())));
    }

    /** The {@code java} that runs us. */
    static String java() {
        return System.getProperty("java.home") + File.separator + "bin" + File.separator + "java";
    }

    int port() {
        return port;
    }

    /** Processor time that it has taken so far, its own and that of the kernel on its behalf; exact to a clock tick, 10 ms. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    /** Has it do something, and waits for it. */
    String ask(String command) throws IOException {
        in.write(command + "\n");
        in.flush();
        String answer = out.readLine();
        if (answer == null) {
            throw new IOException("ended at: " + command);
        }
        return answer;
    }

    /** Has it write credentials to a file, and reads them. */
    List<String> credentials(String what, int count, Path directory) throws IOException {
        Path file = Files.createTempFile(directory, what, ".txt");
        ask(what + " " + count + " " + file);
        List<String> lines = Files.readAllLines(file);
        Files.delete(file);
        return lines;
    }

    @Override
    public void close() {
        try {
            in.close();
            process.destroy();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
