package dev.agentauth.examples.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.client.http.Json;
import dev.agentauth.client.http.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class DatabaseOutageTest extends ReplicaTest {
    private static final Duration OUTAGE = Duration.ofSeconds(5);
    private static final Duration TO_RECOVER = Duration.ofSeconds(2);
    private static final int BEFORE = 200;
    private static final int AFTERWARDS = 1000;

    /** What everybody may read and what no database is asked for. */
    private static final List<String> DOCUMENTS = List.of(
            "/auth.md",
            "/.well-known/jwks.json",
            "/.well-known/oauth-authorization-server",
            "/.well-known/oauth-protected-resource/api/");

    /** The moments of an outage, as {@link System#nanoTime} says. */
    private record Outage(long down, long starting, long back) {
        boolean covers(Load.Exchange exchange) {
            return exchange.startedAt() > down && exchange.endedAt() < starting;
        }
    }

    @Test
    @DisplayName("While PostgreSQL is away whatever needs it is 503, and two seconds after it is back all is well")
    void awayForFiveSeconds() throws Exception {
        Map<String, Function<Client, Reply>> everyEndpoint = everyEndpoint();
        Outage outage;
        Load load = Load.start(cluster);
        try (load) {
            awaitAnswersOfBoth(load, BEFORE);
            outage = outage(load, everyEndpoint);
            awaitAnswersOfBoth(load, AFTERWARDS);
        }

        long lastBad = load.exchanges().stream()
                .filter(Load.Exchange::isBad)
                .mapToLong(Load.Exchange::endedAt)
                .max()
                .orElseThrow();
        long millisToRecover = TimeUnit.NANOSECONDS.toMillis(Math.max(0, lastBad - outage.back()));
        System.out.println("database outage: away for "
                + TimeUnit.NANOSECONDS.toMillis(outage.back() - outage.down()) + " ms; answers meanwhile: "
                + load.outcomes(outage::covers) + "; well again after " + millisToRecover + " ms");
        System.out.println("database outage: answers in all: " + load.outcomes(exchange -> true));
        System.out.println("database outage: promises checked on both replicas: "
                + load.ledger().counts());
        for (String what : everyEndpoint.keySet()) {
            assertThat(load.outcomes(exchange ->
                            outage.covers(exchange) && exchange.what().equals(what)))
                    .as(what)
                    .containsOnlyKeys(what.equals("view") ? "503" : "503 temporarily_unavailable");
        }
        assertThat(load.outcomes(exchange -> outage.covers(exchange) && !exchange.isBad()))
                .as("good answers without a database")
                .isEmpty();
        assertThat(load.outcomes(
                        exchange -> exchange.isBad() && !exchange.outcome().startsWith("503")))
                .as("failures other than 503, at any time")
                .isEmpty();
        assertThat(millisToRecover).isLessThanOrEqualTo(TO_RECOVER.toMillis());
        assertThat(load.complaints()).isEmpty();
    }

    private static void awaitAnswersOfBoth(Load load, int more) {
        load.awaitAnswers(0, more);
        load.awaitAnswers(1, more);
    }

    /** Stops the database, asks for everything meanwhile, and starts it again. */
    private static Outage outage(Load load, Map<String, Function<Client, Reply>> everyEndpoint)
            throws IOException, InterruptedException {
        cluster.postgres().stop();
        long down = System.nanoTime();
        AtomicBoolean over = new AtomicBoolean();
        List<Thread> probes = everyEndpoint.entrySet().stream()
                .map(endpoint -> new Thread(() -> {
                    for (int i = 0; !over.get(); i++) {
                        load.send(endpoint.getKey(), i % 2, endpoint.getValue());
                    }
                }))
                .toList();
        probes.forEach(Thread::start);
        while (System.nanoTime() - down < OUTAGE.toNanos()) {
            for (String document : DOCUMENTS) {
                for (Client client : cluster.clients()) {
                    assertThat(client.document(document)).as(document).hasToString("200");
                }
            }
        }
        over.set(true);
        long starting = System.nanoTime();
        cluster.postgres().startAgain();
        long back = System.nanoTime();
        for (Thread probe : probes) {
            probe.join();
        }
        return new Outage(down, starting, back);
    }

    /** A good request to each endpoint that needs the database, prepared while there is one. */
    private static Map<String, Function<Client, Reply>> everyEndpoint() {
        Client client = cluster.client(0);
        Json agent = client.registerAnonymous().json();
        String claimToken = agent.get("claim_token").text();
        String assertion = agent.get("identity_assertion").text();
        String token = client.exchange(assertion).json().get("access_token").text();
        String address = Cluster.address(cluster.newPerson());
        assertThat(client.startClaim(claimToken, address)).hasToString("200");
        String link = Client.attemptTokens(agent.get("registration_id").text(), cluster.clients())
                .get(0);
        String person = cluster.newPerson();
        assertThat(client.registerIdJag(cluster.idJag(person).compact())).hasToString("200");
        return Map.ofEntries(
                Map.entry("register", Client::registerAnonymous),
                Map.entry("register email", replica -> replica.registerEmail(address)),
                Map.entry(
                        "register ID-JAG",
                        replica -> replica.registerIdJag(cluster.idJag(person).compact())),
                Map.entry("start claim", replica -> replica.startClaim(claimToken, address)),
                Map.entry("view", replica -> replica.view(link)),
                Map.entry("challenge", replica -> replica.reveal(link)),
                Map.entry("complete", replica -> replica.complete(claimToken, "000000")),
                Map.entry("reject", replica -> replica.reject(link)),
                Map.entry("exchange", replica -> replica.exchange(assertion)),
                Map.entry("read", replica -> replica.read(token)),
                Map.entry("write", replica -> replica.write(token)),
                Map.entry("revoke", replica -> replica.revoke(token)),
                Map.entry(
                        "logout",
                        replica -> replica.logout(cluster.logout(person).compact())));
    }
}
