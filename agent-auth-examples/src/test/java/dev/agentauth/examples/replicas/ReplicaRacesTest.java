package dev.agentauth.examples.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.examples.http.Json;
import dev.agentauth.examples.http.Reply;
import dev.agentauth.testkit.Race;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Races over two replicas in JVMs of their own and one PostgreSQL")
class ReplicaRacesTest {
    private static final int THREADS = 64;
    private static final int ROUNDS = 3;
    private static final AtomicInteger races = new AtomicInteger();
    private static final AtomicInteger requests = new AtomicInteger();

    private static Replicas replicas;

    /** New for every test, so that all of them share the service. */
    private final String subject = "s-" + UUID.randomUUID();

    private final String address = subject + "@example.com";

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        replicas = Replicas.start(folder);
    }

    @AfterAll
    static void stop() {
        if (replicas != null) {
            replicas.close();
        }
        System.out.printf(
                "races over two replicas: %d races, %d requests at once in them%n", races.get(), requests.get());
    }

    @RepeatedTest(ROUNDS)
    @DisplayName("T28: of 64 correct completions one answers 200, the others 409")
    void correctCompletions() {
        Json agent = replicas.either(0).registerAnonymously().json();
        String code = reveal(invite(agent, address));

        List<Reply> replies = race((replica, number) -> replica.complete(claimToken(agent), code));

        assertThat(count(replies)).isEqualTo(Map.of("200", 1, "409 previously_claimed", THREADS - 1));
    }

    @RepeatedTest(ROUNDS)
    @DisplayName("T28: of an e-mail registration one completion carries an assertion")
    void correctCompletionsOfAnEmailRegistration() {
        Json agent = replicas.either(0).registerWithEmail(address).json();
        String code = reveal(mailed(agent));

        List<Reply> replies = race((replica, number) -> replica.complete(claimToken(agent), code));

        assertThat(count(replies)).isEqualTo(Map.of("200", 1, "409 previously_claimed", THREADS - 1));
        assertThat(replies)
                .filteredOn(reply -> reply.body().contains("identity_assertion"))
                .hasSize(1);
    }

    @RepeatedTest(ROUNDS)
    @DisplayName("T27: five wrong codes void the code, however many come at once")
    void wrongGuesses() {
        Json agent = replicas.either(0).registerAnonymously().json();
        String code = reveal(invite(agent, address));

        List<Reply> replies = race((replica, number) -> replica.complete(claimToken(agent), other(code)));

        assertThat(count(replies)).isEqualTo(Map.of("401 otp_invalid", 5, "410 otp_expired", THREADS - 5));
        assertThat(replicas.either(1).complete(claimToken(agent), code)).hasToString("410 otp_expired");
    }

    @RepeatedTest(ROUNDS)
    @DisplayName("T27: twenty wrong codes over a life end the claim, and the right one as the 21st fails")
    void wrongGuessesOverALife() {
        Json agent = replicas.either(0).registerAnonymously().json();
        String link = invite(agent, address);
        int wrong = 0;
        String code = "";
        for (int round = 0; round < 4; round++) {
            code = reveal(link);
            String other = other(code);
            wrong += count(race((replica, number) -> replica.complete(claimToken(agent), other)))
                    .getOrDefault("401 otp_invalid", 0);
        }

        assertThat(wrong).isEqualTo(20);
        assertThat(replicas.either(0).complete(claimToken(agent), code)).hasToString("410 claim_expired");
        assertThat(replicas.either(1).challenge(link)).hasToString("410 claim_expired");
    }

    @RepeatedTest(ROUNDS)
    @DisplayName("T27: a right guess among 63 wrong ones wins or is voided, and nothing else")
    void rightGuessAmongWrongOnes() {
        Json agent = replicas.either(0).registerAnonymously().json();
        String token = token(agent);
        String code = reveal(invite(agent, address));

        Map<String, Integer> counted = count(
                race((replica, number) -> replica.complete(claimToken(agent), number == 31 ? code : other(code))));

        assertThat(counted.getOrDefault("401 otp_invalid", 0)).isLessThanOrEqualTo(5);
        assertThat(counted.keySet()).isSubsetOf("200", "401 otp_invalid", "409 previously_claimed", "410 otp_expired");
        for (Replica replica : replicas.both()) {
            assertThat(replica.write(token).status()).isEqualTo(counted.containsKey("200") ? 200 : 403);
        }
    }

    @RepeatedTest(ROUNDS)
    @DisplayName("T13: one ID-JAG presented 64 times at once is accepted once")
    void oneIdJag() {
        String idJag = replicas.idJag(subject, address).compact();

        List<Reply> replies = race((replica, number) -> replica.present(idJag));

        assertThat(count(replies)).isEqualTo(Map.of("200", 1, "400 replay_detected", THREADS - 1));
    }

    @RepeatedTest(ROUNDS)
    @DisplayName("A3: 64 first presentations of one identity make one registration, and each assertion is good")
    void firstPresentations() {
        List<String> idJags = idJags();

        List<Reply> replies = race((replica, number) -> replica.present(idJags.get(number)));

        assertThat(count(replies)).isEqualTo(Map.of("200", THREADS));
        assertThat(members(replies, "registration_id")).hasSize(1);
        assertThat(replies)
                .allSatisfy(reply -> assertThat(replicas.either(1)
                                .exchange(assertion(reply.json()))
                                .status())
                        .isEqualTo(200));
    }

    @RepeatedTest(ROUNDS)
    @DisplayName("A9: 64 first presentations for an existing user make one step-up, and one claim token works")
    void firstPresentationsForAnExistingUser() {
        claimed(address);
        List<String> idJags = idJags();

        List<Reply> replies = race((replica, number) -> replica.present(idJags.get(number)));

        assertThat(count(replies)).isEqualTo(Map.of("401 interaction_required", THREADS));
        assertThat(members(replies, "registration_id")).hasSize(1);
        assertThat(count(replies.stream()
                        .map(reply -> replicas.either(0).complete(claimToken(reply.json()), "123456"))
                        .toList()))
                .isEqualTo(Map.of("400 otp_not_generated", 1, "401 invalid_claim_token", THREADS - 1));
    }

    @RepeatedTest(ROUNDS)
    @DisplayName("T57: of 64 identities that assert one new address one is bound, the others have to step up")
    void oneAddressUnderManyIdentities() {
        List<String> idJags = IntStream.range(0, THREADS)
                .mapToObj(i -> replicas.idJag(subject + "-" + i, address).compact())
                .toList();

        List<Reply> replies = race((replica, number) -> replica.present(idJags.get(number)));

        assertThat(count(replies)).isEqualTo(Map.of("200", 1, "401 interaction_required", THREADS - 1));
    }

    @RepeatedTest(ROUNDS)
    @DisplayName("T57: completions of many agents for one new address bind one user")
    void oneNewAddressClaimedByMany() {
        List<Json> agents = new ArrayList<>();
        List<String> codes = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            Json agent = replicas.either(i).registerAnonymously().json();
            agents.add(agent);
            codes.add(reveal(invite(agent, address)));
        }

        List<Reply> replies =
                race(16, (replica, number) -> replica.complete(claimToken(agents.get(number)), codes.get(number)));

        assertThat(count(replies)).isEqualTo(Map.of("200", 16));
        assertThat(agents.stream()
                        .map(agent -> replicas.either(1)
                                .read(token(agent))
                                .json()
                                .get("user_id")
                                .text())
                        .distinct())
                .hasSize(1);
    }

    @RepeatedTest(ROUNDS)
    @DisplayName("A4: a claim that is started 64 times at once leaves one link that works")
    void startedClaims() {
        Json agent = replicas.either(0).registerAnonymously().json();

        List<Reply> replies = race((replica, number) -> replica.startClaim(claimToken(agent), address));

        assertThat(count(replies)).isEqualTo(Map.of("200", THREADS));
        List<Reply> opened = replicas.both().stream()
                .flatMap(replica -> replica.mailedToken(id(agent)).stream())
                .map(token -> replicas.either(0).challenge(token))
                .toList();
        assertThat(opened).filteredOn(reply -> reply.status() == 200).hasSize(1);
    }

    @RepeatedTest(ROUNDS)
    @DisplayName("T26: of 64 codes minted at once the newest alone is right, and it completes")
    void mintedCodes() {
        Json agent = replicas.either(0).registerAnonymously().json();
        String link = invite(agent, address);

        List<Reply> replies = race((replica, number) -> replica.challenge(link));

        assertThat(count(replies)).isEqualTo(Map.of("200", THREADS));
        assertThat(replicas.either(1).complete(claimToken(agent), reveal(link)).status())
                .isEqualTo(200);
    }

    @RepeatedTest(ROUNDS)
    @DisplayName("T26: a code of the link that was superseded meanwhile completes nothing, or was first")
    void supersededLink() {
        Json agent = replicas.either(0).registerAnonymously().json();
        String old = invite(agent, address);
        String code = reveal(old);

        List<Reply> replies = race((replica, number) -> number % 8 == 0
                ? replica.startClaim(claimToken(agent), "other-" + address)
                : replica.complete(claimToken(agent), code));

        Map<String, Integer> counted = count(replies);
        boolean claimed = counted.containsKey("409 previously_claimed");
        assertThat(counted.keySet())
                .isSubsetOf("200", "400 otp_not_generated", "409 previously_claimed", "409 claimed_or_in_flight");
        assertThat(replicas.either(1).write(token(agent)).status()).isEqualTo(claimed ? 200 : 403);
        assertThat(replicas.either(0).challenge(old))
                .hasToString(claimed ? "409 claim_completed" : "410 claim_superseded");
    }

    @RepeatedTest(ROUNDS)
    @DisplayName("T39: after a revocation's 200 no use that starts later is accepted by either replica")
    void revokedToken() {
        String token = token(replicas.either(0).registerAnonymously().json());

        nothingStartsAfter(() -> replicas.either(1).revoke(token), replica -> replica.read(token));
    }

    @RepeatedTest(ROUNDS)
    @DisplayName("T39: after a logout's 200 no token of the identity is accepted by either replica")
    void loggedOutToken() {
        String token = token(present());
        String logout = replicas.logout(subject).compact();

        nothingStartsAfter(() -> replicas.either(1).logout(logout), replica -> replica.read(token));
    }

    @RepeatedTest(ROUNDS)
    @DisplayName("T39: after a logout's 200 no assertion of the identity is exchanged by either replica")
    void loggedOutAssertion() {
        String assertion = assertion(present());
        String logout = replicas.logout(subject).compact();

        nothingStartsAfter(() -> replicas.either(1).logout(logout), replica -> replica.exchange(assertion));
    }

    @RepeatedTest(ROUNDS)
    @DisplayName("T40: 64 copies of one logout are all answered 200")
    void copiesOfALogout() {
        Json agent = present();
        String logout = replicas.logout(subject).compact();

        List<Reply> replies = race((replica, number) -> replica.logout(logout));

        assertThat(count(replies)).isEqualTo(Map.of("200", THREADS));
        assertThat(replicas.either(0).exchange(assertion(agent))).hasToString("400 invalid_grant");
    }

    @RepeatedTest(ROUNDS)
    @DisplayName("T60: presentations that race with a logout of their time are over when it has been answered")
    void presentationsAndLogout() {
        List<String> idJags = idJags();
        String logout = replicas.logout(subject).compact();

        List<Reply> replies =
                race((replica, number) -> number == 32 ? replica.logout(logout) : replica.present(idJags.get(number)));

        // The logout is not earlier than any of them: whatever they were answered, nothing of it is good.
        for (int i = 0; i < THREADS; i++) {
            if (i != 32 && replies.get(i).status() == 200) {
                assertThat(replicas.either(i + 1)
                                .exchange(assertion(replies.get(i).json())))
                        .hasToString("400 invalid_grant");
            }
        }
        assertThat(count(replies).keySet()).isSubsetOf("200", "400 expired", "401 interaction_required");
    }

    /** Uses on both replicas without a pause; none that starts after the end was answered may be accepted. */
    private static void nothingStartsAfter(Callable<Reply> end, java.util.function.Function<Replica, Reply> use) {
        AtomicLong endedAt = new AtomicLong(Long.MAX_VALUE);
        AtomicInteger before = new AtomicInteger();
        AtomicInteger after = new AtomicInteger();
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            Replica replica = replicas.either(i);
            tasks.add(() -> {
                for (int later = 0; later < 5; ) {
                    boolean isLater = System.nanoTime() > endedAt.get();
                    boolean accepted = use.apply(replica).status() == 200;
                    if (isLater && accepted) {
                        return false;
                    }
                    later += isLater ? 1 : 0;
                    (isLater ? after : before).incrementAndGet();
                }
                return true;
            });
        }
        tasks.add(() -> {
            Reply answer = end.call();
            endedAt.set(System.nanoTime());
            return answer.status() == 200;
        });

        races.incrementAndGet();
        requests.addAndGet(tasks.size());
        assertThat(Race.run(tasks)).containsOnly(true);
        assertThat(after.get()).isGreaterThanOrEqualTo(5 * 15);
    }

    private static List<Reply> race(BiFunction<Replica, Integer, Reply> request) {
        return race(THREADS, request);
    }

    private static List<Reply> race(int threads, BiFunction<Replica, Integer, Reply> request) {
        races.incrementAndGet();
        requests.addAndGet(threads);
        return Race.run(threads, number -> request.apply(replicas.either(number), number));
    }

    private Json present() {
        return replicas.either(0)
                .present(replicas.idJag(subject, address).compact())
                .json();
    }

    private List<String> idJags() {
        return IntStream.range(0, THREADS)
                .mapToObj(i -> replicas.idJag(subject, address).compact())
                .toList();
    }

    /** An agent that the owner of an address has claimed. */
    private static void claimed(String address) {
        Json agent = replicas.either(0).registerAnonymously().json();
        String code = reveal(invite(agent, address));
        assertThat(replicas.either(1).complete(claimToken(agent), code).status())
                .isEqualTo(200);
    }

    /** Has the owner of an address asked, and says what is in the link. */
    private static String invite(Json agent, String address) {
        assertThat(replicas.either(0).startClaim(claimToken(agent), address).status())
                .isEqualTo(200);
        return mailed(agent);
    }

    private static String mailed(Json agent) {
        return replicas.either(0).mailedToken(id(agent)).orElseThrow();
    }

    private static String reveal(String attemptToken) {
        return replicas.either(1)
                .challenge(attemptToken)
                .json()
                .get("challenge")
                .text();
    }

    private static String other(String code) {
        return code.equals("000000") ? "000001" : "000000";
    }

    private static String token(Json registration) {
        return replicas.either(1)
                .exchange(assertion(registration))
                .json()
                .get("access_token")
                .text();
    }

    private static String id(Json registration) {
        return registration.get("registration_id").text();
    }

    private static String claimToken(Json registration) {
        return registration.get("claim_token").text();
    }

    private static String assertion(Json registration) {
        return registration.get("identity_assertion").text();
    }

    private static List<String> members(List<Reply> replies, String name) {
        return replies.stream()
                .map(reply -> reply.json().get(name).text())
                .distinct()
                .toList();
    }

    /** How often each status came, with the error's code where there is one. */
    private static Map<String, Integer> count(List<Reply> replies) {
        Map<String, Integer> counted = new TreeMap<>();
        replies.forEach(reply -> counted.merge(reply.toString(), 1, Integer::sum));
        return counted;
    }
}
