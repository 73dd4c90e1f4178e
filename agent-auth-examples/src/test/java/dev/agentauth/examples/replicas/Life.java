package dev.agentauth.examples.replicas;

import static dev.agentauth.examples.replicas.Cluster.READ;
import static dev.agentauth.examples.replicas.Cluster.READ_AND_WRITE;

import dev.agentauth.client.http.Json;
import dev.agentauth.client.http.Reply;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The lives of agents, one after the other: registered, claimed, used, revoked, logged out. A request that gets no answer,
 * or 503, is repeated until it has one, so that in the end it is known what each registration must be.
 */
final class Life {
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final int INVITATIONS = 3;

    private final Cluster cluster;
    private final Load load;
    private final Ledger ledger;
    private final Random random;
    private final List<String> revoked = new ArrayList<>();

    Life(Cluster cluster, Load load, int seed) {
        this.cluster = cluster;
        this.load = load;
        this.ledger = load.ledger();
        this.random = new Random(seed);
    }

    /** Lives one life. */
    void live() {
        switch (random.nextInt(4)) {
            case 0, 1 -> anonymous();
            case 2 -> email();
            default -> provider();
        }
        revoked.stream().skip(random.nextInt(revoked.size() + 1)).findFirst().ifPresent(this::requireRefused);
    }

    // Lives

    private void anonymous() {
        Json agent = ask("register", Client::registerAnonymous, "200").body();
        String claimToken = agent.get("claim_token").text();
        String assertion = agent.get("identity_assertion").text();
        String token = token(assertion, READ);
        use("write", token, "403 insufficient_scope");
        Optional<String> owner = random.nextBoolean() ? claim(agent, claimToken) : Optional.empty();
        if (owner.isPresent()) {
            promiseToken(token, agent, owner.get());
            promiseClaimed(claimToken);
        } else {
            ledger.promise("an unclaimed token", client -> client.write(token), "403 insufficient_scope");
        }
        String scope = owner.isPresent() ? READ_AND_WRITE : READ;
        promiseExchange("a registration", assertion, scope);
        if (random.nextBoolean()) {
            revoke(token(assertion, scope));
        }
    }

    private void email() {
        String address = Cluster.address(cluster.newPerson());
        Answer registered = ask("register email", client -> client.registerEmail(address), "200");
        Json agent = registered.body();
        String claimToken = agent.get("claim_token").text();
        ledger.promise(
                "an e-mail registration",
                client -> client.startClaim(claimToken, "else." + address),
                "409 claimed_or_in_flight");
        Optional<Answer> completed = complete(registered, agent, claimToken);
        completed.ifPresent(answer -> {
            promiseClaimed(claimToken);
            // A repeat of a completion whose answer was lost brings no assertion.
            answer.body().get("identity_assertion").string().ifPresent(assertion -> {
                String token = token(assertion, READ_AND_WRITE);
                promiseToken(token, agent, address);
                promiseExchange("a claimed e-mail registration", assertion, READ_AND_WRITE);
            });
        });
    }

    private void provider() {
        String person = cluster.newPerson();
        Answer registered = ask(
                "register ID-JAG",
                client -> client.registerIdJag(cluster.idJag(person).compact()),
                "200",
                "401 interaction_required");
        if (registered.reply().status() != 200) {
            if (!registered.repeated()) {
                throw new IllegalStateException("somebody whom nobody knew was asked to confirm");
            }
            // A replica was killed between making the user and noting for whom.
            confirm(registered, person, cluster.now());
            return;
        }
        Json agent = registered.body();
        String assertion = agent.get("identity_assertion").text();
        String token = token(assertion, READ_AND_WRITE);
        use("write", token, "200");
        if (random.nextBoolean()) {
            Json again = ask(
                            "register ID-JAG",
                            client -> client.registerIdJag(cluster.idJag(person).compact()),
                            "200")
                    .body();
            require("the same registration", again.get("registration_id").text(), id(agent));
        }
        if (random.nextBoolean()) {
            promiseToken(token, agent, Cluster.address(person));
            promiseExchange("a provider's registration", assertion, READ_AND_WRITE);
            return;
        }
        Instant at = cluster.now();
        String logout = cluster.logout(person).issuedAt(at).compact();
        ask("logout", client -> client.logout(logout), "200");
        requireRefused(token);
        ledger.promise("a logged-out token", client -> client.read(token), "401 invalid_token");
        ledger.promise("a logged-out assertion", client -> client.exchange(assertion), "400 invalid_grant");
        String unspent = cluster.idJag(person).issuedAt(at).compact();
        ledger.promise("an ID-JAG from before a logout", client -> client.registerIdJag(unspent), "400 expired");
        stepUp(person, at.plus(Duration.ofSeconds(5)));
    }

    /** The person comes back, whom the service knows by now. */
    private void stepUp(String person, Instant at) {
        Answer answer = ask(
                "register ID-JAG",
                client ->
                        client.registerIdJag(cluster.idJag(person).issuedAt(at).compact()),
                "401 interaction_required");
        confirm(answer, person, at);
    }

    /** The person says yes; from then on the identity is theirs. */
    private void confirm(Answer answer, String person, Instant at) {
        Json agent = answer.body();
        String claimToken = agent.get("claim_token").text();
        ledger.promise(
                "a step-up",
                client -> client.startClaim(claimToken, Cluster.address(person)),
                "409 claimed_or_in_flight");
        complete(answer, agent, claimToken).ifPresent(completed -> {
            promiseClaimed(claimToken);
            Json fresh = ask(
                            "register ID-JAG",
                            client -> client.registerIdJag(
                                    cluster.idJag(person).issuedAt(at).compact()),
                            "200")
                    .body();
            require("the same registration", fresh.get("registration_id").text(), id(agent));
            String assertion = fresh.get("identity_assertion").text();
            promiseExchange("a linked registration", assertion, READ_AND_WRITE);
            promiseToken(token(assertion, READ_AND_WRITE), agent, Cluster.address(person));
        });
    }

    // Steps

    private String token(String assertion, String scope) {
        Json token =
                ask("exchange", client -> client.exchange(assertion), "200").body();
        require("the scope", token.get("scope").text(), scope);
        String value = token.get("access_token").text();
        use("read", value, "200");
        return value;
    }

    private void use(String what, String token, String expected) {
        ask(what, client -> what.equals("read") ? client.read(token) : client.write(token), expected);
    }

    private void revoke(String token) {
        ask("revoke", client -> client.revoke(token), "200");
        requireRefused(token);
        revoked.add(token);
        ledger.promise("a revoked token", client -> client.read(token), "401 invalid_token");
    }

    /** Tries both replicas, as far as they answer. */
    private void requireRefused(String token) {
        for (int i = 0; i < 2; i++) {
            Reply reply = load.send("read", i, client -> client.read(token));
            if (reply != null) {
                require("what has ended is refused", reply.toString(), "401 invalid_token");
            }
        }
    }

    /** Has an anonymous registration claimed, and says by whom; gives up if mail is lost with a replica again and again. */
    private Optional<String> claim(Json agent, String claimToken) {
        for (int i = 0; i < INVITATIONS; i++) {
            // Another address each time: the same one gets no second mail.
            String address = Cluster.address(cluster.newPerson());
            Answer started = ask("start claim", client -> client.startClaim(claimToken, address), "200");
            if (complete(started, agent, claimToken).isPresent()) {
                return Optional.of(address);
            }
        }
        return Optional.empty();
    }

    /** Reads the mail, reveals the code and brings it; empty if the mail is lost. */
    private Optional<Answer> complete(Answer mailed, Json agent, String claimToken) {
        Optional<String> link = link(mailed, id(agent));
        if (link.isEmpty()) {
            return Optional.empty();
        }
        Answer revealed = mailed.repeated()
                ? ask("challenge", client -> client.reveal(link.get()), "200", "410 claim_superseded")
                : ask("challenge", client -> client.reveal(link.get()), "200");
        if (revealed.reply().status() != 200) {
            return Optional.empty();
        }
        String code = revealed.body().get("challenge").text();
        Answer completed =
                ask("complete", client -> client.complete(claimToken, code), "200", "409 previously_claimed");
        if (completed.reply().status() == 409 && !completed.repeated()) {
            throw new IllegalStateException("a completion was told that there had been another one");
        }
        return Optional.of(completed);
    }

    private Optional<String> link(Answer mailed, String registrationId) {
        List<String> links = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            if (i == mailed.replica() || mailed.repeated()) {
                try {
                    links.addAll(Client.attemptTokens(registrationId, List.of(cluster.client(i))));
                } catch (UncheckedIOException e) {
                    // It is down, and its mail is gone.
                }
            }
        }
        return links.stream().findFirst();
    }

    // Promises

    private void promiseExchange(String what, String assertion, String scope) {
        ledger.promise(
                what,
                client -> client.exchange(assertion),
                reply -> reply.status() == 200
                        && reply.json().get("scope").text().equals(scope));
    }

    private void promiseToken(String token, Json agent, String owner) {
        ledger.promise(
                "a claimed token",
                client -> client.write(token),
                reply -> reply.status() == 200
                        && reply.json().get("registration_id").text().equals(id(agent))
                        && reply.json().get("email").text().equals(owner));
    }

    private void promiseClaimed(String claimToken) {
        ledger.promise("a claim", client -> client.complete(claimToken, "000000"), "409 previously_claimed");
    }

    // Asking

    /** An answer, who gave it, and whether the request had been sent before. */
    private record Answer(Reply reply, int replica, boolean repeated) {
        Json body() {
            return reply.json();
        }
    }

    /** Asks the replicas at random until one answers, and insists on one of these answers. */
    private Answer ask(String what, Function<Client, Reply> request, String... allowed) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        for (boolean repeated = false; ; repeated = true) {
            int replica = random.nextInt(2);
            @Nullable Reply reply = load.send(what, replica, request);
            if (reply != null) {
                if (!List.of(allowed).contains(reply.toString())) {
                    throw new IllegalStateException(what + (repeated ? " (repeated)" : "") + " was answered " + reply);
                }
                return new Answer(reply, replica, repeated);
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(what + " was never answered");
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private static String id(Json agent) {
        return agent.get("registration_id").text();
    }

    private static void require(String what, String actual, String expected) {
        if (!actual.equals(expected)) {
            throw new IllegalStateException(what + ": expected " + expected + ", got " + actual);
        }
    }
}
