package dev.agentauth.examples.replicas;

import dev.agentauth.examples.FreePorts;
import dev.agentauth.testkit.FakeProvider;
import dev.agentauth.testkit.ProviderJwt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** Two replicas of one service: one issuer, one database, one file of keys, one trusted provider, which is the test. */
final class Replicas implements AutoCloseable {
    private final Database database;
    private final FakeProvider provider = FakeProvider.start(InstantSource.system());
    private final List<Replica> both;
    private final String issuer;

    private Replicas(Database database, Path folder) throws IOException {
        this.database = database;
        int[] ports = FreePorts.two();
        this.issuer = "http://localhost:" + ports[0];
        Map<String, String> environment = Map.of(
                "AGENT_AUTH_ISSUER",
                issuer,
                "AGENT_AUTH_DEMO_PROVIDER",
                "off",
                "AGENT_AUTH_PROVIDERS",
                provider.issuer(),
                "AGENT_AUTH_RATE_LIMITS",
                "off",
                "AGENT_AUTH_SIGNING_KEYS",
                folder.resolve("keys.json").toString(),
                "AGENT_AUTH_JDBC_URL",
                database.url(),
                "AGENT_AUTH_JDBC_USER",
                "postgres");
        this.both = List.of(
                new Replica(ports[0], environment, folder.resolve("replica-1.log")),
                new Replica(ports[1], environment, folder.resolve("replica-2.log")));
    }

    /** Starts all of it; both replicas answer then. */
    static Replicas start(Path folder) throws IOException {
        Files.createDirectories(folder);
        Replicas replicas = new Replicas(Database.start(folder.resolve("data")), folder);
        try {
            replicas.both.forEach(Replica::start);
            replicas.both.forEach(Replica::awaitAnswer);
            return replicas;
        } catch (RuntimeException | Error e) {
            replicas.close();
            throw e;
        }
    }

    List<Replica> both() {
        return both;
    }

    /** The one or the other, by turns. */
    Replica either(int number) {
        return both.get(Math.floorMod(number, both.size()));
    }

    Database database() {
        return database;
    }

    /** A good ID-JAG for somebody. */
    ProviderJwt idJag(String subject, String email) {
        return provider.idJag(issuer).subject(subject).email(email);
    }

    /** A good logout token of somebody. */
    ProviderJwt logout(String subject) {
        return provider.logout(issuer, subject);
    }

    @Override
    public void close() {
        both.forEach(Replica::close);
        provider.close();
        database.close();
    }
}
