package dev.agentauth.benchmarks.micro;

import dev.agentauth.benchmarks.Crypto;
import dev.agentauth.benchmarks.MeasuredService;
import dev.agentauth.memory.InMemoryStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;
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
    private Path audit;

    /** Builds it. */
    @Setup
    public void start() throws IOException {
        audit = Files.createTempFile("agent-auth-audit", ".log");
        Logger.getLogger("").setLevel(Level.SEVERE);
        service = MeasuredService.of(
                InMemoryStores.of("https://service.example"),
                audit,
                builder -> builder.cryptoProvider(crypto.choice()));
    }

    /** Ends it. */
    @TearDown
    public void stop() throws IOException {
        service.close();
        Files.delete(audit);
    }
}
