package dev.agentauth.examples.replicas;

import static dev.agentauth.examples.replicas.Cluster.READ;
import static dev.agentauth.examples.replicas.Cluster.READ_AND_WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.client.http.Json;
import dev.agentauth.client.http.Reply;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.RegistrationStore;
import dev.agentauth.testkit.Race;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;

/** 64 requests at once, to two replicas in turn. */
@DisplayName("Races over two JVMs and one PostgreSQL")
final class ReplicaRacesTest extends ReplicaTest {
    private static final int ROUNDS = 5;
    private static final int LOSERS = Race.THREADS - 1;

    /** How often each answer came, by race. */
    private static final Map<String, Map<String, Integer>> TALLY = new TreeMap<>();

    @AfterAll
    static void printTally() {
        TALLY.forEach((race, counts) -> System.out.println("races over two replicas, " + race + ": " + counts));
        int requests = TALLY.values().stream()
                .flatMap(counts -> counts.values().stream())
                .mapToInt(Integer::intValue)
                .sum();
        System.out.println("races over two replicas: " + TALLY.size() + " races x " + ROUNDS + " rounds, " + requests
                + " requests at once in all");
    }

    /** A registration as its agent knows it. */
    private record Agent(String id, String claimToken, String assertion) {
        static Agent of(Reply reply) {
            assertThat(reply.status()).isEqualTo(200);
            Json body = reply.json();
            return new Agent(
                    body.get("registration_id").text(),
                    body.get("claim_token").string().orElse(""),
                    body.get("identity_assertion").string().orElse(""));
        }
    }

    private static Map<String, Integer> race(String name, IntFunction<Reply> racer) {
        return count(name, Race.run(Race.THREADS, racer));
    }

    private static Map<String, Integer> count(String race, List<Reply> replies) {
        Map<String, Integer> counts = new TreeMap<>();
        replies.forEach(reply -> counts.merge(reply.toString(), 1, Integer::sum));
        Map<String, Integer> tally = TALLY.computeIfAbsent(race, unused -> new TreeMap<>());
        counts.forEach((answer, count) -> tally.merge(answer, count, Integer::sum));
        return counts;
    }

    private static Client one() {
        return cluster.client(0);
    }

    private static Client other() {
        return cluster.client(1);
    }

    private static Agent anonymous() {
        return Agent.of(one().registerAnonymous());
    }

    /** Has somebody asked, and gives the token of the link. */
    private static String invite(Agent agent, String address) {
        assertThat(one().startClaim(agent.claimToken(), address)).hasToString("200");
        return newestLink(agent.id());
    }

    private static String newestLink(String registrationId) {
        return Client.attemptTokens(registrationId, cluster.clients()).get(0);
    }

    private static String reveal(String link) {
        return other().reveal(link).json().get("challenge").text();
    }

    private static String wrong(String code) {
        return code.equals("000000") ? "000001" : "000000";
    }

    private static String newAddress() {
        return Cluster.address(cluster.newPerson());
    }

    private static List<String> idJags(Supplier<String> idJag) {
        return IntStream.range(0, Race.THREADS).mapToObj(unused -> idJag.get()).toList();
    }

    private static String text(Reply reply, String member) {
        return reply.json().get(member).text();
    }

    private static String accessToken(String assertion) {
        return text(one().exchange(assertion), "access_token");
    }

    private static String userOf(String assertion) {
        return text(other().read(accessToken(assertion)), "user_id");
    }

    private static List<Registration> of(String userId) {
        return cluster.registrations().findByUser(userId);
    }

    // The ceremony

    @RepeatedTest(ROUNDS)
    @DisplayName("T28: of 64 correct completions exactly one answers 200, the others 409")
    void correctCompletions() {
        Agent agent = anonymous();
        String code = reveal(invite(agent, newAddress()));

        assertThat(race("correct completions", number -> cluster.client(number).complete(agent.claimToken(), code)))
                .isEqualTo(Map.of("200", 1, "409 previously_claimed", LOSERS));

        assertThat(of(userOf(agent.assertion()))).hasSize(1);
    }

    @RepeatedTest(ROUNDS)
    @DisplayName("T28: of 64 correct completions of an e-mail registration exactly one carries an assertion")
    void correctCompletionsOfAnEmailRegistration() {
        Agent agent = Agent.of(one().registerEmail(newAddress()));
        String code = reveal(newestLink(agent.id()));

        List<Reply> replies =
                Race.run(Race.THREADS, number -> cluster.client(number).complete(agent.claimToken(), code));

        assertThat(count("correct completions of an e-mail registration", replies))
                .isEqualTo(Map.of("200", 1, "409 previously_claimed", LOSERS));
        assertThat(replies)
                .filteredOn(reply -> reply.body().contains("identity_assertion"))
                .hasSize(1);
    }

    @RepeatedTest(ROUNDS)
    @DisplayName("T57: 64 agents that one new address claims at once get one user")
    void oneNewAddressClaimsMany() {
        String address = newAddress();
        List<Agent> agents =
                IntStream.range(0, Race.THREADS).mapToObj(unused -> anonymous()).toList();
        List<String> codes =
                agents.stream().map(agent -> reveal(invite(agent, address))).toList();

        assertThat(race(
                        "one new address claims many agents",
                        number -> cluster.client(number)
                                .complete(agents.get(number).claimToken(), codes.get(number))))
                .isEqualTo(Map.of("200", Race.THREADS));

        assertThat(agents.stream().map(agent -> userOf(agent.assertion())).distinct())
                .hasSize(1);
    }

    @RepeatedTest(ROUNDS)
    @DisplayName("T26: a code completes before its link is superseded or not at all")
    void completionsAgainstSuperseding() {
        Agent agent = anonymous();
        String old = invite(agent, newAddress());
        String code = reveal(old);
        String another = newAddress();

        Map<String, Integer> answers = race(
                "completions against superseding",
                number -> number % 8 == 0
                        ? cluster.client(number).startClaim(agent.claimToken(), another)
                        : cluster.client(number).complete(agent.claimToken(), code));

        boolean completed = answers.containsKey("409 previously_claimed");
        assertThat(answers.keySet())
                .isSubsetOf("200", "400 otp_not_generated", "409 previously_claimed", "409 claimed_or_in_flight");
        assertThat(other().write(accessToken(agent.assertion())).status()).isEqualTo(completed ? 200 : 403);
        assertThat(one().reveal(old)).hasToString(completed ? "409 claim_completed" : "410 claim_superseded");
    }

    @RepeatedTest(ROUNDS)
    @DisplayName("T27: of 64 wrong guesses five are counted, and the code is void")
    void wrongGuesses() {
        Agent agent = anonymous();
        String code = reveal(invite(agent, newAddress()));

        assertThat(race("wrong guesses", number -> cluster.client(number).complete(agent.claimToken(), wrong(code))))
                .isEqualTo(Map.of("401 otp_invalid", 5, "410 otp_expired", Race.THREADS - 5));

        assertThat(other().complete(agent.claimToken(), code)).hasToString("410 otp_expired");
    }

    @RepeatedTest(ROUNDS)
    @DisplayName("T25, T27: twenty wrong guesses are counted over a life, and the right code as the 21st fails")
    void wrongGuessesOverALife() {
        Agent agent = anonymous();
        String link = invite(agent, newAddress());
        int counted = 0;
        String code = "";
        for (int i = 0; i < 4; i++) {
            String current = reveal(link);
            code = current;
            counted += race(
                            "wrong guesses over a life",
                            number -> cluster.client(number).complete(agent.claimToken(), wrong(current)))
                    .getOrDefault("401 otp_invalid", 0);
        }

        assertThat(counted).isEqualTo(20);
        assertThat(one().complete(agent.claimToken(), code)).hasToString("410 claim_expired");
        assertThat(other().reveal(link)).hasToString("410 claim_expired");
    }

    @RepeatedTest(ROUNDS)
    @DisplayName("T25, T27: guesses that race with new codes are twenty at the most")
    void guessesWhileCodesAreMadeAnew() {
        Agent agent = anonymous();
        String link = invite(agent, newAddress());
        reveal(link);

        Map<String, Integer> counts = new TreeMap<>();
        for (int i = 0; i < 4; i++) {
            int first = i * Race.THREADS;
            race(
                            "guesses while codes are made anew",
                            number -> number % 8 < 2
                                    ? cluster.client(number).reveal(link)
                                    : cluster.client(number)
                                            .complete(agent.claimToken(), "%06d".formatted(first + number)))
                    .forEach((answer, count) -> counts.merge(answer, count, Integer::sum));
        }

        assertThat(counts.getOrDefault("401 otp_invalid", 0)).isBetween(1, 20);
        assertThat(counts.keySet())
                .as("no answer but those of a ceremony, and with luck the right code was among the guesses")
                .isSubsetOf(
                        "200",
                        "401 otp_invalid",
                        "410 otp_expired",
                        "410 claim_expired",
                        "409 previously_claimed",
                        "409 claim_completed");
    }

    @RepeatedTest(ROUNDS)
    @DisplayName("T27: a right guess among 63 wrong ones either wins or is void")
    void rightGuessAmongWrongOnes() {
        Agent agent = anonymous();
        String code = reveal(invite(agent, newAddress()));

        List<Reply> replies = Race.run(
                Race.THREADS,
                number -> cluster.client(number).complete(agent.claimToken(), number == 31 ? code : wrong(code)));

        Map<String, Integer> counts = count("right guess among wrong ones", replies);
        assertThat(counts.getOrDefault("401 otp_invalid", 0)).isLessThanOrEqualTo(5);
        assertThat(counts.keySet()).isSubsetOf("200", "401 otp_invalid", "409 previously_claimed", "410 otp_expired");
        boolean won = replies.get(31).status() == 200;
        assertThat(replies.get(31)).hasToString(won ? "200" : "410 otp_expired");
        assertThat(text(other().exchange(agent.assertion()), "scope")).isEqualTo(won ? READ_AND_WRITE : READ);
    }

    @RepeatedTest(ROUNDS)
    @DisplayName("A4: a claim that is started 64 times for one address leaves one link that works")
    void startedClaims() {
        Agent agent = anonymous();
        String address = newAddress();

        assertThat(race(
                        "starts of one claim",
                        number -> cluster.client(number).startClaim(agent.claimToken(), address)))
                .isEqualTo(Map.of("200", Race.THREADS));

        List<String> links = Client.attemptTokens(agent.id(), cluster.clients());
        List<Reply> revealed = links.stream().map(link -> other().reveal(link)).toList();
        assertThat(count("links of one claim", revealed).get("200")).isEqualTo(1);
        Reply alive = revealed.stream()
                .filter(reply -> reply.status() == 200)
                .findFirst()
                .orElseThrow();
        assertThat(one().complete(agent.claimToken(), text(alive, "challenge"))).hasToString("200");
    }

    @RepeatedTest(ROUNDS)
    @DisplayName("T26: of 64 codes that are minted at once one alone is right, and a newer one completes")
    void mintedCodes() {
        Agent agent = anonymous();
        String link = invite(agent, newAddress());

        List<Reply> replies =
                Race.run(Race.THREADS, number -> cluster.client(number).reveal(link));

        assertThat(count("codes minted at once", replies)).isEqualTo(Map.of("200", Race.THREADS));
        Set<String> codes = new HashSet<>();
        replies.forEach(reply -> codes.add(text(reply, "challenge")));
        String newest = reveal(link);
        codes.remove(newest);
        assertThat(one().complete(agent.claimToken(), codes.iterator().next())).hasToString("401 otp_invalid");
        assertThat(other().complete(agent.claimToken(), newest)).hasToString("200");
    }

    @RepeatedTest(ROUNDS)
    @DisplayName("T26: the codes of a link that is superseded meanwhile are dead")
    void supersededLink() {
        Agent agent = anonymous();
        String link = invite(agent, newAddress());
        String address = newAddress();

        List<Reply> replies = Race.run(
                Race.THREADS,
                number -> number % 16 < 2
                        ? cluster.client(number).startClaim(agent.claimToken(), address)
                        : cluster.client(number).reveal(link));

        assertThat(count("codes while another address is asked", replies).keySet())
                .isSubsetOf("200", "410 claim_superseded");
        assertThat(other().reveal(link)).hasToString("410 claim_superseded");
        replies.stream()
                .filter(reply -> reply.body().contains("challenge"))
                .limit(3)
                .forEach(reply -> assertThat(one().complete(agent.claimToken(), text(reply, "challenge")))
                        .hasToString("400 otp_not_generated"));
        List<Reply> revealed = Client.attemptTokens(agent.id(), cluster.clients()).stream()
                .map(one()::reveal)
                .filter(reply -> reply.status() == 200)
                .toList();
        assertThat(revealed).hasSize(1);
        assertThat(other().complete(agent.claimToken(), text(revealed.get(0), "challenge")))
                .hasToString("200");
    }

    @RepeatedTest(ROUNDS)
    @DisplayName("A4: yes and no are never both")
    void completionsAndRejections() {
        Agent agent = Agent.of(other().registerEmail(newAddress()));
        String link = newestLink(agent.id());
        String code = reveal(link);

        List<Reply> replies = Race.run(
                Race.THREADS,
                number -> number % 4 < 2
                        ? cluster.client(number).complete(agent.claimToken(), code)
                        : cluster.client(number).reject(link));

        Map<String, Integer> counts = count("yes and no", replies);
        assertThat(counts.get("200")).isEqualTo(1);
        boolean no = replies.stream().anyMatch(reply -> reply.body().contains("rejected\"") && reply.status() == 200);
        assertThat(counts)
                .isEqualTo(
                        no
                                ? Map.of("200", 1, "403 claim_rejected", LOSERS)
                                : Map.of("200", 1, "409 previously_claimed", 31, "409 claim_completed", 32));
        assertThat(one().complete(agent.claimToken(), code))
                .hasToString(no ? "403 claim_rejected" : "409 previously_claimed");
    }

    // Presentations

    @RepeatedTest(ROUNDS)
    @DisplayName("T13: one ID-JAG presented 64 times is accepted once")
    void oneIdJag() {
        String idJag = cluster.idJag(cluster.newPerson()).compact();

        assertThat(race("one ID-JAG", number -> cluster.client(number).registerIdJag(idJag)))
                .isEqualTo(Map.of("200", 1, "400 replay_detected", LOSERS));
    }

    @RepeatedTest(ROUNDS)
    @DisplayName("A3: 64 ID-JAGs of one new identity are one registration of one user")
    void firstPresentations() {
        String person = cluster.newPerson();
        List<String> idJags = idJags(() -> cluster.idJag(person).compact());

        List<Reply> replies =
                Race.run(Race.THREADS, number -> cluster.client(number).registerIdJag(idJags.get(number)));

        assertThat(count("first presentations of one identity", replies)).isEqualTo(Map.of("200", Race.THREADS));
        assertThat(replies.stream().map(reply -> text(reply, "registration_id")).distinct())
                .hasSize(1);
        List<String> users = replies.stream()
                .map(reply -> userOf(text(reply, "identity_assertion")))
                .distinct()
                .toList();
        assertThat(users).hasSize(1);
        assertThat(of(users.get(0))).hasSize(1);
    }

    @RepeatedTest(ROUNDS)
    @DisplayName("A9: 64 ID-JAGs for an existing user are one step-up, and one claim token works")
    void firstPresentationsForAnExistingUser() {
        String address = newAddress();
        Agent own = anonymous();
        one().complete(own.claimToken(), reveal(invite(own, address)));
        String person = cluster.newPerson();
        List<String> idJags = idJags(() -> cluster.idJag(person).email(address).compact());

        List<Reply> replies =
                Race.run(Race.THREADS, number -> cluster.client(number).registerIdJag(idJags.get(number)));

        assertThat(count("first presentations for an existing user", replies))
                .isEqualTo(Map.of("401 interaction_required", Race.THREADS));
        List<String> ids = replies.stream()
                .map(reply -> text(reply, "registration_id"))
                .distinct()
                .toList();
        assertThat(ids).hasSize(1);
        List<Reply> codes = Client.attemptTokens(ids.get(0), cluster.clients()).stream()
                .map(one()::reveal)
                .filter(reply -> reply.status() == 200)
                .toList();
        assertThat(codes).hasSize(1);
        List<Reply> completions = replies.stream()
                .map(reply -> other().complete(text(reply, "claim_token"), text(codes.get(0), "challenge")))
                .toList();
        assertThat(count("their claim tokens", completions))
                .isEqualTo(Map.of("200", 1, "401 invalid_claim_token", LOSERS));
        String assertion = completions.stream()
                .filter(reply -> reply.status() == 200)
                .map(reply -> text(reply, "identity_assertion"))
                .findFirst()
                .orElseThrow();
        assertThat(userOf(assertion)).isEqualTo(userOf(own.assertion()));
    }

    @RepeatedTest(ROUNDS)
    @DisplayName("T57: of 64 identities with one new address one is bound, and the others have to step up")
    void oneAddressUnderManyIdentities() {
        String address = newAddress();
        List<String> idJags =
                idJags(() -> cluster.idJag(cluster.newPerson()).email(address).compact());

        List<Reply> replies =
                Race.run(Race.THREADS, number -> cluster.client(number).registerIdJag(idJags.get(number)));

        assertThat(count("one address under many identities", replies))
                .isEqualTo(Map.of("200", 1, "401 interaction_required", LOSERS));
        Reply bound = replies.stream()
                .filter(reply -> reply.status() == 200)
                .findFirst()
                .orElseThrow();
        assertThat(of(userOf(text(bound, "identity_assertion"))))
                .hasSize(Race.THREADS)
                .filteredOn(registration -> registration.userId() != null)
                .extracting(Registration::id)
                .containsExactly(text(bound, "registration_id"));
    }

    @RepeatedTest(ROUNDS)
    @DisplayName("T58: nobody comes in beside the first own proof of an address")
    void firstOwnProof() {
        String address = newAddress();
        Agent own = Agent.of(one().registerEmail(address));
        String code = reveal(newestLink(own.id()));
        List<String> idJags =
                idJags(() -> cluster.idJag(cluster.newPerson()).email(address).compact());

        List<Reply> replies = Race.run(
                Race.THREADS,
                number -> number == 31
                        ? other().complete(own.claimToken(), code)
                        : cluster.client(number).registerIdJag(idJags.get(number)));

        assertThat(count("first own proof among presentations", replies).keySet())
                .isSubsetOf("200", "401 interaction_required");
        assertThat(replies.get(31)).hasToString("200");
        String owner = userOf(text(replies.get(31), "identity_assertion"));
        assertThat(of(owner))
                .filteredOn(registration -> owner.equals(registration.userId()) && registration.isLive(cluster.now()))
                .extracting(Registration::id)
                .containsExactly(own.id());
    }

    // Ends: nothing is accepted that started after the answer

    /** When a request started and whether it was accepted. */
    private record Use(long startedAt, boolean accepted) {}

    /** One thread ends something; the other 63 use it on both replicas until five of their uses started afterwards. */
    private static void nothingStartsAfter(String name, Callable<Reply> end, Function<Client, Reply> use) {
        AtomicLong endedAt = new AtomicLong(Long.MAX_VALUE);
        List<Callable<List<Use>>> racers = new ArrayList<>();
        for (int i = 0; i < Race.THREADS - 1; i++) {
            Client client = cluster.client(i);
            racers.add(() -> {
                List<Use> uses = new ArrayList<>();
                for (int after = 0; after < 5; ) {
                    long startedAt = System.nanoTime();
                    after += startedAt > endedAt.get() ? 1 : 0;
                    uses.add(new Use(startedAt, use.apply(client).status() == 200));
                }
                return uses;
            });
        }
        racers.add(() -> {
            assertThat(end.call().status()).isEqualTo(200);
            endedAt.set(System.nanoTime());
            return List.of();
        });

        List<Use> uses = Race.run(racers).stream().flatMap(List::stream).toList();

        Map<String, Integer> tally = TALLY.computeIfAbsent(name, unused -> new TreeMap<>());
        for (Use one : uses) {
            boolean after = one.startedAt() > endedAt.get();
            tally.merge((one.accepted() ? "accepted" : "refused") + (after ? " after" : " before"), 1, Integer::sum);
        }
        assertThat(uses).noneMatch(one -> one.accepted() && one.startedAt() > endedAt.get());
    }

    @RepeatedTest(ROUNDS)
    @DisplayName("T39: once 200 has been sent the token is accepted by neither replica")
    void revokedToken() {
        String token = accessToken(anonymous().assertion());
        assertThat(other().read(token)).hasToString("200");

        nothingStartsAfter("uses of a revoked token", () -> one().revoke(token), client -> client.read(token));
    }

    @RepeatedTest(ROUNDS)
    @DisplayName("T39: once a logout has been answered neither replica accepts a token of the identity")
    void loggedOutToken() {
        String person = cluster.newPerson();
        Agent agent = Agent.of(one().registerIdJag(cluster.idJag(person).compact()));
        String token = accessToken(agent.assertion());
        String logout = cluster.logout(person).compact();

        nothingStartsAfter("uses of a logged-out token", () -> other().logout(logout), client -> client.read(token));
    }

    @RepeatedTest(ROUNDS)
    @DisplayName("T39: once a logout has been answered neither replica exchanges an assertion of the identity")
    void loggedOutAssertion() {
        String person = cluster.newPerson();
        Agent agent = Agent.of(other().registerIdJag(cluster.idJag(person).compact()));
        String logout = cluster.logout(person).compact();

        nothingStartsAfter(
                "exchanges of a logged-out assertion",
                () -> one().logout(logout),
                client -> client.exchange(agent.assertion()));
    }

    @RepeatedTest(ROUNDS)
    @DisplayName("T39, T64: once everything has been revoked neither replica accepts what was issued before")
    void everythingRevoked() {
        Agent agent = anonymous();
        String token = accessToken(agent.assertion());

        nothingStartsAfter(
                "uses after revoking everything",
                () -> {
                    cluster.registrations().revokeAll(cluster.now());
                    return one().document("/auth.md");
                },
                client -> client.read(token));
    }

    @RepeatedTest(ROUNDS)
    @DisplayName("T64: revoking everything is not undone by a claim in flight")
    void revokingEverythingWhileClaimsComplete() {
        List<Agent> agents = new ArrayList<>();
        List<String> codes = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            Agent agent = Agent.of(one().registerEmail(newAddress()));
            agents.add(agent);
            codes.add(reveal(newestLink(agent.id())));
        }

        // Made beforehand, so that the race is not about making it.
        RegistrationStore operator = cluster.registrations();

        List<Reply> replies = Race.run(Race.THREADS, number -> {
            if (number == 31) {
                operator.revokeAll(cluster.now());
                return one().document("/auth.md");
            }
            return cluster.client(number).complete(agents.get(number / 4).claimToken(), codes.get(number / 4));
        });

        assertThat(count("claims while everything is revoked", replies).keySet())
                .isSubsetOf("200", "409 previously_claimed", "410 claim_expired");
        for (Agent agent : agents) {
            assertThat(cluster.registrations()
                            .findById(agent.id())
                            .orElseThrow()
                            .revokedAt())
                    .isNotNull();
        }
    }

    @RepeatedTest(ROUNDS)
    @DisplayName("T60: presentations that race with a logout of their time are over when it has been answered")
    void presentationsAndLogout() {
        String person = cluster.newPerson();
        List<String> idJags = idJags(() -> cluster.idJag(person).compact());
        String logout = cluster.logout(person).compact();

        List<Reply> replies = Race.run(
                Race.THREADS,
                number -> number == 32
                        ? one().logout(logout)
                        : cluster.client(number).registerIdJag(idJags.get(number)));

        assertThat(count("presentations and a logout", replies).keySet()).isSubsetOf("200", "400 expired");
        assertThat(replies.get(32)).hasToString("200");
        for (int i = 0; i < Race.THREADS; i++) {
            if (i != 32 && replies.get(i).status() == 200) {
                assertThat(cluster.client(i + 1).exchange(text(replies.get(i), "identity_assertion")))
                        .hasToString("400 invalid_grant");
            }
        }
    }

    @RepeatedTest(ROUNDS)
    @DisplayName("T40: duplicates of a logout do not hurt what is presented after it")
    void duplicatesOfALogout() {
        String person = cluster.newPerson();
        Agent before = Agent.of(one().registerIdJag(cluster.idJag(person).compact()));
        String logout = cluster.logout(person).compact();
        // The service allows for a provider's clock that is up to 60 seconds ahead.
        Supplier<String> later = () -> cluster.idJag(person)
                .email(person + "-later@example.com")
                .issuedAt(cluster.now().plus(Duration.ofSeconds(20)))
                .compact();
        List<String> idJags = idJags(later);

        List<Reply> replies = Race.run(
                Race.THREADS,
                number -> number % 4 < 2
                        ? cluster.client(number).logout(logout)
                        : cluster.client(number).registerIdJag(idJags.get(number)));

        assertThat(count("duplicates of a logout", replies)).isEqualTo(Map.of("200", Race.THREADS));
        assertThat(other().exchange(before.assertion())).hasToString("400 invalid_grant");
        Agent last = Agent.of(other().registerIdJag(later.get()));
        assertThat(one().logout(logout)).hasToString("200");
        assertThat(other().exchange(last.assertion())).hasToString("200");
    }

    @RepeatedTest(ROUNDS)
    @DisplayName("T32: tokens that are exchanged while their registration is claimed widen, unless they were narrowed")
    void exchangesAndACompletion() {
        Agent agent = anonymous();
        String code = reveal(invite(agent, newAddress()));

        List<Reply> replies = Race.run(
                Race.THREADS,
                number -> number == 31
                        ? other().complete(agent.claimToken(), code)
                        : cluster.client(number).exchange(agent.assertion(), number % 4 < 2 ? READ : null));

        assertThat(count("exchanges and a completion", replies)).isEqualTo(Map.of("200", Race.THREADS));
        for (int i = 0; i < Race.THREADS; i++) {
            if (i != 31) {
                assertThat(cluster.client(i + 1).write(text(replies.get(i), "access_token")))
                        .hasToString(i % 4 < 2 ? "403 insufficient_scope" : "200");
            }
        }
    }
}
