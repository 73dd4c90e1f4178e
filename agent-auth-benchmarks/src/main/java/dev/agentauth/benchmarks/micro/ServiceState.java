package dev.agentauth.benchmarks.micro;

import dev.agentauth.audit.JsonLines;
import dev.agentauth.benchmarks.Crypto;
import dev.agentauth.benchmarks.MeasuredService;
import dev.agentauth.memory.InMemoryStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One service for all threads: with limits, scopes, and every event audited to a file. */
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH calls start() first
public class ServiceState {
    /** Who signs and verifies. */
    @Param("JDK")
    public Crypto crypto;

    MeasuredService service;
    private Path file;
    private JsonLines audit;

    /** Builds it. */
    @Setup
    public void start() throws IOException {
        file = Files.createTempFile("agent-auth-audit", ".log");
        audit = JsonLines.toFile(file);
        service = MeasuredService.of(
                InMemoryStores.of("https://service.example"),
                builder -> builder.cryptoProvider(crypto.choice()).audit(audit));
    }

    /** Ends it. */
    @TearDown
    public void stop() throws IOException {
        service.close();
        audit.close();
        Files.delete(file);
    }
}
