package dev.agentauth.examples.replicas;

import dev.agentauth.examples.FreePorts;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** A PostgreSQL that keeps its word through a crash, and can be stopped and started again with its data. */
final class Database implements AutoCloseable {
    private final Path folder;
    private final int port;
    private EmbeddedPostgres server;

    private Database(Path folder, int port) {
        this.folder = folder;
        this.port = port;
        this.server = open();
    }

    static Database start(Path folder) throws IOException {
        return new Database(folder, FreePorts.two()[0]);
    }

    String url() {
        return "jdbc:postgresql://localhost:" + port + "/postgres";
    }

    /** Ends every connection and every transaction that is not committed. */
    void stop() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns once it accepts connections. */
    void startAgain() {
        server = open();
    }

    @Override
    public void close() {
        stop();
    }

    private EmbeddedPostgres open() {
        try {
            return EmbeddedPostgres.builder()
                    .setDataDirectory(folder)
                    .setCleanDataDirectory(false)
                    .setPort(port)
                    // Off by default in a server that is made for tests.
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("full_page_writes", "on")
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
