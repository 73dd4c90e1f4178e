package dev.agentauth.examples.replicas;

import dev.agentauth.client.http.Http;
import dev.agentauth.examples.FreePorts;
import dev.agentauth.jdbc.JdbcStores;
import dev.agentauth.spi.RegistrationStore;
import dev.agentauth.testkit.FakeProvider;
import dev.agentauth.testkit.ProviderJwt;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Two replicas of one service over one PostgreSQL, and a provider that both trust. They share the issuer and the signing
 * keys and differ in their ports.
 */
final class Cluster implements AutoCloseable {
    static final String READ = "api.read";
    static final String READ_AND_WRITE = "api.read api.write";

    private static final Pattern SECRET = Pattern.compile("(at_|clm_|cvt_)[A-Za-z0-9_-]{32}|eyJ[A-Za-z0-9_-]{20}");

    private final InstantSource clock = InstantSource.system();
    private final AtomicInteger people = new AtomicInteger();
    private final Deque<Closeable> toClose = new ArrayDeque<>();
    private final List<Replica> replicas = new ArrayList<>();
    private final String issuer;
    private final StoppablePostgres postgres;
    private final FakeProvider provider;

    private Cluster(Path folder) throws IOException, SQLException {
        toClose.push(() -> deleteAll(folder));
        try {
            List<Integer> ports = freePorts(3);
            issuer = "http://localhost:" + ports.get(0);
            postgres = StoppablePostgres.start(folder.resolve("data"), ports.get(2));
            toClose.push(postgres::close);
            provider = FakeProvider.start(clock);
            toClose.push(provider::close);
            Http http = new Http();
            for (int i = 0; i < 2; i++) {
                Path output = folder.resolve("replica-" + i + ".txt");
                Replica replica = Replica.launch(http, issuer, ports.get(i), environment(folder), output);
                toClose.push(replica::close);
                replicas.add(replica);
                // One after the other: the first one writes the file with the keys.
                replica.awaitAnswers();
            }
        } catch (IOException | SQLException | RuntimeException e) {
            close();
            throw e;
        }
    }

    static Cluster start() throws IOException, SQLException {
        return new Cluster(Files.createTempDirectory("agent-auth-replicas"));
    }

    private Map<String, String> environment(Path folder) {
        return Map.of(
                "AGENT_AUTH_JDBC_URL",
                postgres.jdbcUrl(),
                "AGENT_AUTH_JDBC_USER",
                StoppablePostgres.USER,
                "AGENT_AUTH_SIGNING_KEYS",
                folder.resolve("keys.json").toString(),
                "AGENT_AUTH_DEMO_PROVIDER",
                "off",
                "AGENT_AUTH_PROVIDERS",
                provider.issuer(),
                "AGENT_AUTH_RATE_LIMITS",
                "off");
    }

    private static List<Integer> freePorts(int count) throws IOException {
        Set<Integer> ports = new LinkedHashSet<>();
        while (ports.size() < count) {
            ports.add(FreePorts.two()[0]);
        }
        return List.copyOf(ports);
    }

    /** The replica of a number; numbers count on, so that many requests spread evenly. */
    Replica replica(int number) {
        return replicas.get(number % replicas.size());
    }

    /** Speaks to the replica of a number. */
    Client client(int number) {
        return replica(number).client();
    }

    List<Client> clients() {
        return replicas.stream().map(Replica::client).toList();
    }

    StoppablePostgres postgres() {
        return postgres;
    }

    /** The registrations as an operator's own process sees them. */
    RegistrationStore registrations() {
        return JdbcStores.of(postgres.dataSource(), issuer).registrations();
    }

    Instant now() {
        return clock.instant();
    }

    /** Somebody whom nobody has met. */
    String newPerson() {
        return "person-" + people.incrementAndGet();
    }

    static String address(String person) {
        return person + "@example.com";
    }

    /** A good ID-JAG for somebody with that address. */
    ProviderJwt idJag(String person) {
        return provider.idJag(issuer).subject(person).email(address(person));
    }

    /** A logout of somebody, of now. */
    ProviderJwt logout(String person) {
        return provider.logout(issuer, person);
    }

    /** Secrets, or what looks like one, that replicas have written to their output. */
    List<String> leaks() {
        return replicas.stream()
                .flatMap(replica -> replica.output().lines())
                .filter(line -> SECRET.matcher(line).find())
                .toList();
    }

    void printLastWords() {
        for (Replica replica : replicas) {
            System.out.println("---- what a replica said ----\n" + replica.lastWords());
        }
    }

    /** Closes all that can be closed, and throws the first failure afterwards. */
    @Override
    public void close() throws IOException {
        IOException failure = null;
        while (!toClose.isEmpty()) {
            try {
                toClose.pop().close();
            } catch (IOException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static void deleteAll(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
