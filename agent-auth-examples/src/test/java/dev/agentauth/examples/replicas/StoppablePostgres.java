package dev.agentauth.examples.replicas;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;

/** A PostgreSQL that keeps what it has committed, and its port, when it is stopped and started again. */
final class StoppablePostgres implements AutoCloseable {
    static final String USER = "postgres";

    /** What makes an answer of the database a promise. The embedded one leaves them out to be fast. */
    private static final List<String> DURABILITY = List.of("fsync", "synchronous_commit", "full_page_writes");

    private final Path data;
    private final int port;
    private EmbeddedPostgres server;

    private StoppablePostgres(Path data, int port) throws IOException {
        this.data = data;
        this.port = port;
        this.server = launch();
    }

    /** Starts one with an empty database. */
    static StoppablePostgres start(Path data, int port) throws IOException, SQLException {
        StoppablePostgres postgres = new StoppablePostgres(data, port);
        postgres.requireDurability();
        return postgres;
    }

    private EmbeddedPostgres launch() throws IOException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setPort(port);
        DURABILITY.forEach(setting -> builder.setServerConfig(setting, "on"));
        return builder.start();
    }

    private void requireDurability() throws SQLException {
        try (Connection connection = dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            for (String setting : DURABILITY) {
                try (ResultSet result = statement.executeQuery("SHOW " + setting)) {
                    if (!result.next() || !"on".equals(result.getString(1))) {
                        throw new IllegalStateException(setting + " is off");
                    }
                }
            }
        }
    }

    String jdbcUrl() {
        return "jdbc:postgresql://localhost:" + port + "/postgres";
    }

    /** Connections to what is running now, each a new one. */
    DataSource dataSource() {
        return server.getPostgresDatabase();
    }

    /** Stops as an administrator does: whoever is connected is thrown out. Returns when nobody listens any more. */
    void stop() throws IOException {
        server.close();
        try (Socket open = new Socket(InetAddress.getLoopbackAddress(), port)) {
            throw new IllegalStateException("it did not stop: " + open);
        } catch (ConnectException e) {
            // As it should be.
        }
    }

    /** Starts what was stopped. Returns when it has answered a query. */
    void startAgain() throws IOException {
        server = launch();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
