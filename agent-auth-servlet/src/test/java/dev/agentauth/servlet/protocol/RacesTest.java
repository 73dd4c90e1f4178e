package dev.agentauth.servlet.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.registration.RegistrationStatus;
import dev.agentauth.spi.User;
import dev.agentauth.testkit.Race;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** 64 threads behind one latch, over HTTP, spread over two replicas on one set of stores. */
@DisplayName("Races")
final class RacesTest extends ProtocolTest {
    private static final int THREADS = 64;

    private ProtocolService replica;

    private Client either(int number) {
        if (replica == null) {
            throw new IllegalStateException("startReplica first");
        }
        return number % 2 == 0 ? service().client : replica.client;
    }

    private void startReplica() {
        replica = startService(options -> options.replicaOf(service()));
    }

    /** How often each status came, with the error's code where there is one. */
    private static Map<String, Integer> count(List<Answer> answers) {
        Map<String, Integer> counted = new TreeMap<>();
        for (Answer answer : answers) {
            String code = answer.status() == 200 ? "" : " " + answer.string("error");
            counted.merge(answer.status() + code, 1, Integer::sum);
        }
        return counted;
    }

    @RepeatedTest(5)
    @DisplayName("A4/T28: of any number of concurrent correct completions exactly one answers 200, the others 409")
    void correctCompletions() {
        startReplica();
        Registered agent = registerAnonymously();
        String code = reveal(invite(agent, ADA));

        List<Answer> answers = Race.run(THREADS, number -> either(number).complete(agent.claimToken(), code));

        assertThat(count(answers)).isEqualTo(Map.of("200", 1, "409 previously_claimed", THREADS - 1));
        assertThat(service().audit.of("claim.confirmed")).hasSize(1);
        assertThat(service()
                        .registrations
                        .findByUser(service()
                                .users
                                .findByVerifiedEmail(ADA)
                                .orElseThrow()
                                .id()))
                .hasSize(1);
    }

    @Test
    @DisplayName("A4/T28: of an e-mail registration exactly one completion carries an assertion")
    void correctCompletionsOfAnEmailRegistration() {
        startReplica();
        Registered agent = registerEmail(ADA);
        String code = reveal(service().mail.newestToken());

        List<Answer> answers = Race.run(THREADS, number -> either(number).complete(agent.claimToken(), code));

        assertThat(count(answers)).isEqualTo(Map.of("200", 1, "409 previously_claimed", THREADS - 1));
        assertThat(service().audit.of("assertion.issued")).hasSize(1);
    }

    @RepeatedTest(5)
    @DisplayName("A4/T27: five wrong codes void the code, however many come at once")
    void wrongGuesses() {
        startReplica();
        Registered agent = registerAnonymously();
        String code = reveal(invite(agent, ADA));

        List<Answer> answers = Race.run(THREADS, number -> either(number).complete(agent.claimToken(), other(code)));

        assertThat(count(answers)).isEqualTo(Map.of("401 otp_invalid", 5, "410 otp_expired", THREADS - 5));
        client().complete(agent.claimToken(), code).isIdentityError(410, "otp_expired");
    }

    @Test
    @DisplayName("A4/T27: twenty over the life of a registration end its claim, however many come at once")
    void wrongGuessesOverALife() {
        startReplica();
        Registered agent = registerAnonymously();
        String link = invite(agent, ADA);
        int wrong = 0;
        for (int round = 0; round < 4; round++) {
            String code = reveal(link);
            List<Answer> answers =
                    Race.run(THREADS, number -> either(number).complete(agent.claimToken(), other(code)));
            wrong += count(answers).getOrDefault("401 otp_invalid", 0);
        }

        assertThat(wrong).isEqualTo(20);
        client().challenge(link).isIdentityError(410, "claim_expired");
        client().complete(agent.claimToken(), "123456").isIdentityError(410, "claim_expired");
    }

    @Test
    @DisplayName("T27: a right guess among 63 wrong ones either wins or is voided, and nothing else")
    void rightGuessAmongWrongOnes() {
        startReplica();
        Registered agent = registerAnonymously();
        String code = reveal(invite(agent, ADA));

        Map<String, Integer> counted = count(Race.run(
                THREADS, number -> either(number).complete(agent.claimToken(), number == 31 ? code : other(code))));

        assertThat(counted.getOrDefault("401 otp_invalid", 0)).isLessThanOrEqualTo(5);
        RegistrationStatus status =
                service().registrations.findById(agent.id()).orElseThrow().status(ProtocolService.START);
        assertThat(status)
                .isEqualTo(counted.containsKey("200") ? RegistrationStatus.CLAIMED : RegistrationStatus.PENDING_CLAIM);
        assertThat(counted.keySet()).isSubsetOf("200", "401 otp_invalid", "409 previously_claimed", "410 otp_expired");
    }

    @RepeatedTest(3)
    @DisplayName("A8/T13: one ID-JAG presented 64 times at once is accepted once")
    void oneIdJag() {
        startReplica();
        String idJag = idJag().compact();

        List<Answer> answers = Race.run(THREADS, number -> either(number).registerIdJag(idJag));

        assertThat(count(answers)).isEqualTo(Map.of("200", 1, "400 replay_detected", THREADS - 1));
    }

    @RepeatedTest(3)
    @DisplayName("A3: 64 first presentations of one (iss, sub, aud) with different jti make one registration")
    void firstPresentations() {
        startReplica();
        List<String> idJags = idJags(ADA);

        List<Answer> answers = Race.run(THREADS, number -> either(number).registerIdJag(idJags.get(number)));

        assertThat(count(answers)).isEqualTo(Map.of("200", THREADS));
        assertThat(answers.stream()
                        .map(answer -> answer.string("registration_id"))
                        .distinct())
                .hasSize(1);
        assertThat(service().audit.of("registration.created")).hasSize(1);
        assertThat(answers.stream()
                        .map(answer -> client().exchange(answer.string("identity_assertion"))
                                .status())
                        .distinct())
                .containsExactly(200);
    }

    @Test
    @DisplayName("A9: 64 first presentations for an existing user make one step-up, and one claim token works")
    void firstPresentationsForAnExistingUser() {
        startReplica();
        service().users.add(User.of("u1", ADA));
        List<String> idJags = idJags(ADA);

        List<Answer> answers = Race.run(THREADS, number -> either(number).registerIdJag(idJags.get(number)));

        assertThat(count(answers)).isEqualTo(Map.of("401 interaction_required", THREADS));
        assertThat(answers.stream()
                        .map(answer -> answer.string("registration_id"))
                        .distinct())
                .hasSize(1);
        assertThat(service().audit.of("registration.created")).hasSize(1);
        Map<String, Integer> tokens = count(answers.stream()
                .map(answer -> client().complete(answer.string("claim_token"), "123456"))
                .toList());
        assertThat(tokens).isEqualTo(Map.of("400 otp_not_generated", 1, "401 invalid_claim_token", THREADS - 1));
    }

    @Test
    @DisplayName("A9/T57: 64 identities that assert one new address at once: one is bound, the others have to step up")
    void oneAddressUnderManyIdentities() {
        startReplica();
        List<String> idJags = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            idJags.add(idJag().subject("s-" + i).compact());
        }

        List<Answer> answers = Race.run(THREADS, number -> either(number).registerIdJag(idJags.get(number)));

        assertThat(count(answers)).isEqualTo(Map.of("200", 1, "401 interaction_required", THREADS - 1));
    }

    @Test
    @DisplayName("A4: one claim started 64 times at once for one address leaves one attempt, and its link works")
    void startedClaims() {
        startReplica();
        Registered agent = registerAnonymously();

        List<Answer> answers = Race.run(THREADS, number -> either(number).startClaim(agent.claimToken(), ADA));

        assertThat(count(answers)).isEqualTo(Map.of("200", THREADS));
        long alive = service().mail.links().stream()
                .filter(mail ->
                        client().challenge(RecordingMailer.tokenOf(mail)).status() == 200)
                .count();
        assertThat(alive).isEqualTo(1);
    }

    @Test
    @DisplayName("A4/T26: of 64 codes minted at once the newest alone is right, and it completes")
    void mintedCodes() {
        startReplica();
        Registered agent = registerAnonymously();
        String link = invite(agent, ADA);

        List<Answer> answers = Race.run(THREADS, number -> either(number).challenge(link));

        assertThat(count(answers)).isEqualTo(Map.of("200", THREADS));
        client().complete(agent.claimToken(), reveal(link)).hasStatus(200);
    }

    // Ends: nothing is accepted that started after the 200

    /** When a request started and whether it was accepted. */
    private record Use(long startedAt, boolean accepted) {}

    private void nothingStartsAfter(
            Function<Registered, Callable<Answer>> end, Function<Client, Answer> use, Registered agent) {
        AtomicLong endedAt = new AtomicLong(Long.MAX_VALUE);
        List<Callable<List<Use>>> tasks = new ArrayList<>();
        for (int i = 0; i < THREADS - 1; i++) {
            Client either = either(i);
            tasks.add(() -> {
                List<Use> uses = new ArrayList<>();
                int after = 0;
                while (after < 5) {
                    long startedAt = System.nanoTime();
                    after += startedAt > endedAt.get() ? 1 : 0;
                    uses.add(new Use(startedAt, use.apply(either).status() == 200));
                }
                return uses;
            });
        }
        Callable<Answer> ending = end.apply(agent);
        tasks.add(() -> {
            ending.call().hasStatus(200);
            endedAt.set(System.nanoTime());
            return List.of();
        });

        List<Use> uses = Race.run(tasks).stream().flatMap(List::stream).collect(Collectors.toList());

        assertThat(uses.stream()
                        .filter(used -> used.startedAt() > endedAt.get())
                        .count())
                .isGreaterThanOrEqualTo(5L * (THREADS - 1));
        assertThat(uses).noneMatch(used -> used.accepted() && used.startedAt() > endedAt.get());
    }

    @Test
    @DisplayName("A6/T39: once 200 has been sent the token is never accepted again, on any replica")
    void revokedToken() {
        startReplica();
        Registered agent = registerAnonymously();
        String token = token(agent.assertion());
        client().callApi(token).hasStatus(200);

        nothingStartsAfter(unused -> () -> replica.client.revoke(token), client -> client.callApi(token), agent);
    }

    @Test
    @DisplayName("A7/T39: once a logout has been answered no token of the identity is accepted")
    void loggedOutToken() {
        startReplica();
        Registered agent = registerIdJag(idJag());
        String token = token(agent.assertion());
        String logout = logoutOf("person-1").compact();

        nothingStartsAfter(unused -> () -> replica.client.logout(logout), client -> client.callApi(token), agent);
    }

    @Test
    @DisplayName("A7/T39: once a logout has been answered no assertion of the identity is exchanged")
    void loggedOutAssertion() {
        startReplica();
        Registered agent = registerIdJag(idJag());
        String logout = logoutOf("person-1").compact();

        nothingStartsAfter(
                unused -> () -> replica.client.logout(logout), client -> client.exchange(agent.assertion()), agent);
    }

    @Test
    @DisplayName("A11/T39: once everything has been revoked nothing that was issued before is accepted")
    void everythingRevoked() {
        startReplica();
        Registered agent = registerAnonymously();
        String token = token(agent.assertion());

        nothingStartsAfter(
                unused -> () -> {
                    service().auth.revokeAllRegistrations();
                    return client().get("/auth.md");
                },
                client -> client.callApi(token),
                agent);
    }

    @RepeatedTest(3)
    @DisplayName("A7/T60: presentations that race with a logout of their time are over when it has been answered")
    void presentationsAndLogout() {
        startReplica();
        List<String> idJags = idJags(ADA);
        String logout = logoutOf("person-1").compact();

        List<Answer> answers = Race.run(
                THREADS,
                number ->
                        number == 32 ? client().logout(logout) : either(number).registerIdJag(idJags.get(number)));

        for (Answer answer : answers) {
            if (answer.status() == 200 && !answer.text().isEmpty()) {
                client().exchange(answer.string("identity_assertion")).isCredentialError(400, "invalid_grant");
            }
        }
        client().registerIdJag(idJag().compact()).isIdentityError(400, "expired");
    }

    private List<String> idJags(String address) {
        List<String> idJags = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            idJags.add(idJag().email(address).compact());
        }
        return idJags;
    }
}
