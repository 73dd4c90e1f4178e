package dev.agentauth.examples.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.examples.http.Json;
import dev.agentauth.examples.http.Reply;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/**
 * Agents that live their lives at two replicas, as fast as they can, and a ledger of what they were told. An answer that is
 * 503, or that never comes, tells nothing: it is asked for again where that is allowed, or the matter stays open.
 */
final class Load implements AutoCloseable {
    private static final int AGENTS = 6;

    private final Replicas replicas;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;

    private final Queue<Exchange> exchanges = new ConcurrentLinkedQueue<>();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

    // What was answered 2xx.
    private final Queue<String> registered = new ConcurrentLinkedQueue<>();
    private final Queue<Claimed> claimed = new ConcurrentLinkedQueue<>();
    private final Queue<String> revoked = new ConcurrentLinkedQueue<>();
    private final Queue<LoggedOut> loggedOut = new ConcurrentLinkedQueue<>();

    /** A request and what came of it; status 0 is no answer. */
    record Exchange(String what, long startedAt, long endedAt, int status) {}

    private record Claimed(String assertion, String claimToken, String address) {}

    private record LoggedOut(String assertion, String token) {}

    private Load(Replicas replicas) {
        this.replicas = replicas;
    }

    static Load start(Replicas replicas) {
        Load load = new Load(replicas);
        for (int i = 0; i < AGENTS; i++) {
            Thread thread = new Thread(load::live, "agent-" + i);
            load.threads.add(thread);
            thread.start();
        }
        return load;
    }

    /** Lets every agent finish what it is doing. */
    @Override
    public void close() {
        stopped = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Everything that has happened so far. */
    List<Exchange> exchanges() {
        return List.copyOf(exchanges);
    }

    /** Waits until agents have got that many more answers of 2xx. */
    void awaitMore(int answers) {
        long goal = exchanges.stream().filter(Load::isGood).count() + answers;
        while (exchanges.stream().filter(Load::isGood).count() < goal) {
            assertThat(threads).as("agents that live").allMatch(Thread::isAlive);
            Thread.onSpinWait();
        }
    }

    static boolean isGood(Exchange exchange) {
        return exchange.status() >= 200 && exchange.status() < 300;
    }

    private void live() {
        try {
            while (!stopped) {
                if (ThreadLocalRandom.current().nextBoolean()) {
                    liveAnonymously();
                } else {
                    liveForAProvider();
                }
            }
        } catch (RuntimeException e) {
            wrong.add("an agent died of " + e);
        }
    }

    private void liveAnonymously() {
        Replica first = any();
        Optional<Json> agent =
                ask("register", Set.of(200), first::registerAnonymously).map(Reply::json);
        Optional<String> token = agent.flatMap(this::token);
        if (token.isEmpty()) {
            return;
        }
        String assertion = agent.get().get("identity_assertion").text();
        registered.add(assertion);
        if (ThreadLocalRandom.current().nextBoolean()) {
            claim(agent.get(), token.get());
        }
        revoke(token.get());
    }

    private void liveForAProvider() {
        String subject = "s-" + UUID.randomUUID();
        String idJag = replicas.idJag(subject, subject + "@example.com").compact();
        Optional<Json> agent =
                ask("present", Set.of(200), () -> any().present(idJag)).map(Reply::json);
        Optional<String> token = agent.flatMap(this::token);
        if (token.isEmpty()) {
            return;
        }
        String assertion = agent.get().get("identity_assertion").text();
        if (ThreadLocalRandom.current().nextInt(3) > 0) {
            registered.add(assertion);
            revoke(token.get());
            return;
        }
        String logout = replicas.logout(subject).compact();
        if (ask("logout", Set.of(200), () -> any().logout(logout)).isPresent()) {
            loggedOut.add(new LoggedOut(assertion, token.get()));
            refuse(token.get());
        }
    }

    private Optional<String> token(Json agent) {
        String assertion = agent.get("identity_assertion").text();
        Optional<String> token = ask("exchange", Set.of(200), () -> any().exchange(assertion))
                .map(reply -> reply.json().get("access_token").text());
        token.ifPresent(known -> ask("use", Set.of(200), () -> any().read(known)));
        return token;
    }

    private void claim(Json agent, String token) {
        String claimToken = agent.get("claim_token").text();
        String address = "p-" + UUID.randomUUID() + "@example.com";
        Replica mailing = any();
        if (ask("start claim", Set.of(200), () -> mailing.startClaim(claimToken, address))
                .isEmpty()) {
            return;
        }
        Optional<String> link;
        try {
            link = mailing.mailedToken(agent.get("registration_id").text());
        } catch (UncheckedIOException e) {
            return; // The mail went down with the replica.
        }
        Optional<String> code = link.flatMap(mailed -> ask("challenge", Set.of(200), () -> any().challenge(mailed))
                .map(reply -> reply.json().get("challenge").text()));
        if (code.isEmpty()) {
            return;
        }
        Optional<Reply> completed = ask("complete", Set.of(200), () -> any().complete(claimToken, code.get()));
        if (completed.isEmpty()) {
            // It may have happened all the same: then it says so.
            completed = ask("complete again", Set.of(200, 409), () -> any().complete(claimToken, code.get()));
        }
        if (completed.isPresent()) {
            claimed.add(new Claimed(agent.get("identity_assertion").text(), claimToken, address));
            ask("use widened", Set.of(200), () -> any().write(token));
        }
    }

    private void revoke(String token) {
        if (ask("revoke", Set.of(200), () -> any().revoke(token)).isPresent()) {
            revoked.add(token);
            refuse(token);
        }
    }

    /** Neither replica may accept it any more. */
    private void refuse(String token) {
        for (Replica replica : replicas.both()) {
            ask("use dead", Set.of(401), () -> replica.read(token));
        }
    }

    private Replica any() {
        return replicas.either(ThreadLocalRandom.current().nextInt());
    }

    /** Empty if the answer is 503 or never comes; anything else but what is expected is wrong. */
    private Optional<Reply> ask(String what, Set<Integer> expected, Supplier<Reply> request) {
        long startedAt = System.nanoTime();
        Reply reply;
        try {
            reply = request.get();
        } catch (UncheckedIOException e) {
            exchanges.add(new Exchange(what, startedAt, System.nanoTime(), 0));
            return Optional.empty();
        }
        exchanges.add(new Exchange(what, startedAt, System.nanoTime(), reply.status()));
        if (reply.status() == 503) {
            if (!reply.error().equals(Optional.of("temporarily_unavailable"))
                    || reply.header("Retry-After").isEmpty()) {
                wrong.add(what + ": a 503 that does not say when to come again");
            }
            return Optional.empty();
        }
        if (!expected.contains(reply.status())) {
            wrong.add(what + ": " + reply);
            return Optional.empty();
        }
        return Optional.of(reply);
    }

    /** Holds both replicas to everything that was answered 2xx. */
    void assertNothingWasLost() {
        assertThat(wrong).as("answers that the protocol does not allow").isEmpty();
        for (Replica replica : replicas.both()) {
            assertThat(registered)
                    .allSatisfy(assertion -> assertThat(replica.exchange(assertion))
                            .as("an answered registration")
                            .hasToString("200"));
            assertThat(claimed).allSatisfy(claim -> assertClaimed(replica, claim));
            assertThat(revoked)
                    .allSatisfy(token -> assertThat(replica.read(token))
                            .as("a revoked token")
                            .hasToString("401 invalid_token"));
            assertThat(loggedOut).allSatisfy(ended -> {
                assertThat(replica.read(ended.token())).as("a logged-out token").hasToString("401 invalid_token");
                assertThat(replica.exchange(ended.assertion()))
                        .as("a logged-out assertion")
                        .hasToString("400 invalid_grant");
            });
        }
    }

    private static void assertClaimed(Replica replica, Claimed claim) {
        String token =
                replica.exchange(claim.assertion()).json().get("access_token").text();
        Reply use = replica.write(token);
        assertThat(use).as("a claimed registration").hasToString("200");
        assertThat(use.json().get("email").text()).isEqualTo(claim.address());
        assertThat(replica.complete(claim.claimToken(), "123456")).hasToString("409 previously_claimed");
    }

    /** What happened, in a few lines. */
    String report() {
        Map<String, Map<Integer, Integer>> counts = new TreeMap<>();
        for (Exchange exchange : exchanges) {
            counts.computeIfAbsent(exchange.what(), what -> new TreeMap<>()).merge(exchange.status(), 1, Integer::sum);
        }
        return "  requests by status (0: no answer): " + counts + "\n  held to afterwards, on each replica: "
                + registered.size() + " registrations, " + claimed.size() + " claims, " + revoked.size()
                + " revocations, " + loggedOut.size() + " logouts";
    }
}
