package dev.agentauth.registration;

import static dev.agentauth.testkit.TestRegistrations.ALICE;
import static dev.agentauth.testkit.TestRegistrations.BOB;
import static dev.agentauth.testkit.TestRegistrations.CLAIM_EXPIRES;
import static dev.agentauth.testkit.TestRegistrations.CODE;
import static dev.agentauth.testkit.TestRegistrations.CODE_EXPIRES;
import static dev.agentauth.testkit.TestRegistrations.LINK_EXPIRES;
import static dev.agentauth.testkit.TestRegistrations.NOW;
import static dev.agentauth.testkit.TestRegistrations.TYPED;
import static dev.agentauth.testkit.TestRegistrations.WRONG_CODE;
import static dev.agentauth.testkit.TestRegistrations.anonymous;
import static dev.agentauth.testkit.TestRegistrations.attempt;
import static dev.agentauth.testkit.TestRegistrations.bySignIn;
import static dev.agentauth.testkit.TestRegistrations.claimToken;
import static dev.agentauth.testkit.TestRegistrations.claimed;
import static dev.agentauth.testkit.TestRegistrations.codeFor;
import static dev.agentauth.testkit.TestRegistrations.email;
import static dev.agentauth.testkit.TestRegistrations.guessedWrong;
import static dev.agentauth.testkit.TestRegistrations.identity;
import static dev.agentauth.testkit.TestRegistrations.next;
import static dev.agentauth.testkit.TestRegistrations.owned;
import static dev.agentauth.testkit.TestRegistrations.ownedByTyping;
import static dev.agentauth.testkit.TestRegistrations.pending;
import static dev.agentauth.testkit.TestRegistrations.provider;
import static dev.agentauth.testkit.TestRegistrations.refreshFamily;
import static dev.agentauth.testkit.TestRegistrations.refreshable;
import static dev.agentauth.testkit.TestRegistrations.refreshed;
import static dev.agentauth.testkit.TestRegistrations.revealed;
import static dev.agentauth.testkit.TestRegistrations.signInToken;
import static dev.agentauth.testkit.TestRegistrations.stepUp;
import static dev.agentauth.testkit.TestRegistrations.withCode;
import static dev.agentauth.testkit.TestRegistrations.withTyped;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.Problem;
import dev.agentauth.internal.provider.TestIdJags;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every pair of a state and a transition, by one table: what it leads to, or why it is refused. */
class RegistrationTransitionsTest {

    private static final String TABLE = """
            state                      | is      | ask Alice    | ask Bob      | reveal          | reject          | guess wrong    | claim          | renew token  | type wrong      | type            | repeat
            unclaimed                  | open    | pending      | pending      | ATTEMPT_UNKNOWN | ATTEMPT_UNKNOWN | CODE_NOT_SHOWN | CODE_NOT_SHOWN | unclaimed    | ATTEMPT_UNKNOWN | ATTEMPT_UNKNOWN | ATTEMPT_UNKNOWN
            mail refused               | open    | pending      | pending      | ATTEMPT_UNKNOWN | ATTEMPT_UNKNOWN | CODE_NOT_SHOWN | CODE_NOT_SHOWN | unclaimed    | ATTEMPT_UNKNOWN | ATTEMPT_UNKNOWN | ATTEMPT_UNKNOWN
            link out                   | pending | pending      | pending      | pending         | unclaimed       | CODE_NOT_SHOWN | CODE_NOT_SHOWN | pending      | CODE_NOT_SHOWN  | CODE_NOT_SHOWN  | LINK_LAPSED
            link and code out          | pending | pending      | pending      | pending         | unclaimed       | pending        | claimed        | pending      | CODE_NOT_SHOWN  | CODE_NOT_SHOWN  | LINK_LAPSED
            link lapsed, code live     | pending | pending      | pending      | pending         | unclaimed       | pending        | claimed        | pending      | CODE_NOT_SHOWN  | CODE_NOT_SHOWN  | LINK_LAPSED
            link good, code lapsed     | pending | pending      | pending      | pending         | unclaimed       | CODE_LAPSED    | CODE_LAPSED    | pending      | CODE_NOT_SHOWN  | CODE_NOT_SHOWN  | LINK_LAPSED
            link and code lapsed       | open    | pending      | pending      | LINK_LAPSED     | LINK_LAPSED     | CODE_LAPSED    | CODE_LAPSED    | unclaimed    | LINK_LAPSED     | LINK_LAPSED     | LINK_LAPSED
            link lapsed, no code       | open    | pending      | pending      | LINK_LAPSED     | LINK_LAPSED     | CODE_NOT_SHOWN | CODE_NOT_SHOWN | unclaimed    | LINK_LAPSED     | LINK_LAPSED     | LINK_LAPSED
            code guessed void          | pending | pending      | pending      | pending         | unclaimed       | CODE_VOID      | CODE_VOID      | pending      | CODE_NOT_SHOWN  | CODE_NOT_SHOWN  | LINK_LAPSED
            Alice said no              | open    | SAID_NO      | pending      | SAID_NO         | SAID_NO         | SAID_NO        | SAID_NO        | unclaimed    | SAID_NO         | SAID_NO         | SAID_NO
            Alice said no, Bob asked   | pending | SAID_NO      | pending      | pending         | unclaimed       | pending        | claimed        | pending      | CODE_NOT_SHOWN  | CODE_NOT_SHOWN  | LINK_LAPSED
            guessed out                | pending | GUESSED_OUT  | GUESSED_OUT  | GUESSED_OUT     | GUESSED_OUT     | GUESSED_OUT    | GUESSED_OUT    | GUESSED_OUT  | GUESSED_OUT     | GUESSED_OUT     | GUESSED_OUT
            expired                    | expired | CLAIM_LAPSED | CLAIM_LAPSED | CLAIM_LAPSED    | CLAIM_LAPSED    | CLAIM_LAPSED   | CLAIM_LAPSED   | CLAIM_LAPSED | CLAIM_LAPSED    | CLAIM_LAPSED    | CLAIM_LAPSED
            expired after a no         | expired | CLAIM_LAPSED | CLAIM_LAPSED | CLAIM_LAPSED    | CLAIM_LAPSED    | CLAIM_LAPSED   | CLAIM_LAPSED   | CLAIM_LAPSED | CLAIM_LAPSED    | CLAIM_LAPSED    | CLAIM_LAPSED
            claimed                    | claimed | CLAIMED      | CLAIMED      | CLAIMED         | CLAIMED         | CLAIMED        | CLAIMED        | CLAIMED      | CLAIMED         | CLAIMED         | CLAIMED
            claimed by Bob after a no  | claimed | CLAIMED      | CLAIMED      | CLAIMED         | CLAIMED         | CLAIMED        | CLAIMED        | CLAIMED      | CLAIMED         | CLAIMED         | CLAIMED
            claimed, claim's time over | claimed | CLAIMED      | CLAIMED      | CLAIMED         | CLAIMED         | CLAIMED        | CLAIMED        | CLAIMED      | CLAIMED         | CLAIMED         | CLAIMED
            claimed and refreshed      | claimed | CLAIMED      | CLAIMED      | CLAIMED         | CLAIMED         | CLAIMED        | CLAIMED        | CLAIMED      | CLAIMED         | CLAIMED         | CLAIMED
            claimed, a token reused    | claimed | CLAIMED      | CLAIMED      | CLAIMED         | CLAIMED         | CLAIMED        | CLAIMED        | CLAIMED      | CLAIMED         | CLAIMED         | CLAIMED
            revoked while unclaimed    | revoked | REVOKED      | REVOKED      | REVOKED         | REVOKED         | REVOKED        | REVOKED        | REVOKED      | REVOKED         | REVOKED         | REVOKED
            revoked while pending      | revoked | REVOKED      | REVOKED      | REVOKED         | REVOKED         | REVOKED        | REVOKED        | REVOKED      | REVOKED         | REVOKED         | REVOKED
            revoked after the claim    | revoked | REVOKED      | REVOKED      | REVOKED         | REVOKED         | REVOKED        | REVOKED        | REVOKED      | REVOKED         | REVOKED         | REVOKED
            revoked, Bob's after a no  | revoked | REVOKED      | REVOKED      | REVOKED         | REVOKED         | REVOKED        | REVOKED        | REVOKED      | REVOKED         | REVOKED         | REVOKED
            erased                     | revoked | REVOKED      | REVOKED      | REVOKED         | REVOKED         | REVOKED        | REVOKED        | REVOKED      | REVOKED         | REVOKED         | REVOKED
            e-mail                     | pending | pending      | pending      | pending         | revoked         | CODE_NOT_SHOWN | CODE_NOT_SHOWN | pending      | CODE_NOT_SHOWN  | CODE_NOT_SHOWN  | LINK_LAPSED
            e-mail, code out           | pending | pending      | pending      | pending         | revoked         | pending        | claimed        | pending      | CODE_NOT_SHOWN  | CODE_NOT_SHOWN  | LINK_LAPSED
            e-mail, link lapsed        | open    | pending      | pending      | LINK_LAPSED     | LINK_LAPSED     | CODE_NOT_SHOWN | CODE_NOT_SHOWN | unclaimed    | LINK_LAPSED     | LINK_LAPSED     | LINK_LAPSED
            e-mail, one guess left     | pending | pending      | pending      | pending         | revoked         | revoked        | claimed        | pending      | CODE_NOT_SHOWN  | CODE_NOT_SHOWN  | LINK_LAPSED
            e-mail rejected            | revoked | REVOKED      | REVOKED      | SAID_NO         | SAID_NO         | SAID_NO        | SAID_NO        | REVOKED      | SAID_NO         | SAID_NO         | SAID_NO
            e-mail guessed out         | revoked | GUESSED_OUT  | GUESSED_OUT  | GUESSED_OUT     | GUESSED_OUT     | GUESSED_OUT    | GUESSED_OUT    | GUESSED_OUT  | GUESSED_OUT     | GUESSED_OUT     | GUESSED_OUT
            e-mail claimed             | claimed | CLAIMED      | CLAIMED      | CLAIMED         | CLAIMED         | CLAIMED        | CLAIMED        | CLAIMED      | CLAIMED         | CLAIMED         | CLAIMED
            provider                   | claimed | CLAIMED      | CLAIMED      | CLAIMED         | CLAIMED         | CLAIMED        | CLAIMED        | CLAIMED      | CLAIMED         | CLAIMED         | CLAIMED
            provider revoked           | revoked | REVOKED      | REVOKED      | REVOKED         | REVOKED         | REVOKED        | REVOKED        | REVOKED      | REVOKED         | REVOKED         | REVOKED
            step-up                    | pending | pending      | pending      | pending         | revoked         | CODE_NOT_SHOWN | CODE_NOT_SHOWN | pending      | CODE_NOT_SHOWN  | CODE_NOT_SHOWN  | LINK_LAPSED
            step-up, code out          | pending | pending      | pending      | pending         | revoked         | pending        | claimed        | pending      | CODE_NOT_SHOWN  | CODE_NOT_SHOWN  | LINK_LAPSED
            step-up, one guess left    | pending | pending      | pending      | pending         | revoked         | revoked        | claimed        | pending      | CODE_NOT_SHOWN  | CODE_NOT_SHOWN  | LINK_LAPSED
            step-up rejected           | revoked | REVOKED      | REVOKED      | SAID_NO         | SAID_NO         | SAID_NO        | SAID_NO        | REVOKED      | SAID_NO         | SAID_NO         | SAID_NO
            step-up expired            | expired | CLAIM_LAPSED | CLAIM_LAPSED | CLAIM_LAPSED    | CLAIM_LAPSED    | CLAIM_LAPSED   | CLAIM_LAPSED   | CLAIM_LAPSED | CLAIM_LAPSED    | CLAIM_LAPSED    | CLAIM_LAPSED
            step-up confirmed          | claimed | CLAIMED      | CLAIMED      | CLAIMED         | CLAIMED         | CLAIMED        | CLAIMED        | CLAIMED      | CLAIMED         | CLAIMED         | CLAIMED
            step-up revoked after it   | revoked | REVOKED      | REVOKED      | REVOKED         | REVOKED         | REVOKED        | REVOKED        | REVOKED      | REVOKED         | REVOKED         | REVOKED
            typed code out             | pending | pending      | pending      | pending         | unclaimed       | CODE_NOT_SHOWN | CODE_NOT_SHOWN | pending      | pending         | claimed         | pending
            both codes out             | pending | pending      | pending      | pending         | unclaimed       | pending        | claimed        | pending      | pending         | claimed         | pending
            typed lapsed, code live    | pending | pending      | pending      | pending         | unclaimed       | pending        | claimed        | pending      | CODE_LAPSED     | CODE_LAPSED     | LINK_LAPSED
            both codes void            | pending | pending      | pending      | pending         | unclaimed       | CODE_VOID      | CODE_VOID      | pending      | CODE_VOID       | CODE_VOID       | pending
            typed void, code anew      | pending | pending      | pending      | pending         | unclaimed       | pending        | claimed        | pending      | CODE_VOID       | CODE_VOID       | pending
            code void, typed anew      | pending | pending      | pending      | pending         | unclaimed       | CODE_VOID      | CODE_VOID      | pending      | pending         | claimed         | pending
            typed, said no             | open    | SAID_NO      | pending      | SAID_NO         | SAID_NO         | SAID_NO        | SAID_NO        | unclaimed    | SAID_NO         | SAID_NO         | SAID_NO
            claimed by typing          | claimed | CLAIMED_BY_TYPING      | CLAIMED_BY_TYPING      | CLAIMED_BY_TYPING         | CLAIMED_BY_TYPING         | CLAIMED_BY_TYPING        | CLAIMED_BY_TYPING        | CLAIMED_BY_TYPING      | CLAIMED_BY_TYPING         | CLAIMED_BY_TYPING         | CLAIMED_BY_TYPING
            sign-in                    | pending | pending      | pending      | pending         | unclaimed       | CODE_NOT_SHOWN | CODE_NOT_SHOWN | pending      | pending         | claimed         | pending
            sign-in, code out          | pending | pending      | pending      | pending         | unclaimed       | pending        | claimed        | pending      | pending         | claimed         | pending
            sign-in, link lapsed       | open    | pending      | pending      | LINK_LAPSED     | LINK_LAPSED     | CODE_NOT_SHOWN | CODE_NOT_SHOWN | unclaimed    | LINK_LAPSED     | LINK_LAPSED     | LINK_LAPSED
            sign-in, anybody           | pending | pending      | pending      | pending         | unclaimed       | CODE_NOT_SHOWN | CODE_NOT_SHOWN | pending      | pending         | claimed         | pending
            sign-in, somebody said no  | open    | pending      | pending      | SAID_NO         | SAID_NO         | SAID_NO        | SAID_NO        | unclaimed    | SAID_NO         | SAID_NO         | SAID_NO
            e-mail, one typed left     | pending | pending      | pending      | pending         | revoked         | revoked        | claimed        | pending      | revoked         | claimed         | pending
            """;

    /** A registration, and the instant at which it is in the state. */
    private record State(Registration registration, Instant now) {}

    private static final Map<String, State> STATES = states();
    private static final Map<String, BiFunction<Registration, Instant, Transition>> TRANSITIONS = transitions();

    private static Map<String, State> states() {
        Registration aliceSaidNo = next(withCode("reg").reject(NOW));
        Registration thenBob = revealed(next(aliceSaidNo.startAttempt(attempt("bob", new Asked.Mailbox(BOB)), NOW)));
        Registration stepUp = stepUp("reg", identity("s"), "user_1");
        Registration provider = provider("reg", identity("s"), "user_1");
        Map<String, State> states = new LinkedHashMap<>();
        states.put("unclaimed", new State(anonymous("reg"), NOW));
        states.put("mail refused", new State(pending("reg").mailed("cla_reg", Delivery.REFUSED), NOW));
        states.put("link out", new State(pending("reg"), NOW));
        states.put("link and code out", new State(withCode("reg"), NOW));
        states.put("link lapsed, code live", new State(withCode("reg"), LINK_EXPIRES));
        states.put(
                "link good, code lapsed",
                new State(
                        next(pending("reg").revealCode(codeFor(pending("reg"), NOW.plusSeconds(60)), NOW)),
                        NOW.plusSeconds(60)));
        states.put("link and code lapsed", new State(withCode("reg"), CODE_EXPIRES));
        states.put("link lapsed, no code", new State(pending("reg"), LINK_EXPIRES));
        states.put("code guessed void", new State(guessed(withCode("reg"), 5), NOW));
        states.put("Alice said no", new State(aliceSaidNo, NOW));
        states.put("Alice said no, Bob asked", new State(thenBob, NOW));
        states.put("guessed out", new State(guessed(withCode("reg"), 20), NOW));
        states.put("expired", new State(withCode("reg"), CLAIM_EXPIRES));
        states.put("expired after a no", new State(aliceSaidNo, CLAIM_EXPIRES));
        states.put("claimed", new State(claimed("reg", "user_1"), NOW));
        states.put("claimed by Bob after a no", new State(owned(thenBob, "user_2", NOW), NOW));
        states.put("claimed, claim's time over", new State(claimed("reg", "user_1"), CLAIM_EXPIRES));
        states.put(
                "claimed and refreshed",
                new State(refreshed(refreshable("reg", "user_1"), "first", "second", NOW), NOW));
        states.put(
                "claimed, a token reused",
                new State(refreshable("reg", "user_1").revokeRefreshing(refreshFamily("reg"), NOW), NOW));
        states.put(
                "claimed and refreshed",
                new State(refreshed(refreshable("reg", "user_1"), "first", "second", NOW), NOW));
        states.put(
                "claimed, a token reused",
                new State(refreshable("reg", "user_1").revokeRefreshing(refreshFamily("reg"), NOW), NOW));
        states.put("revoked while unclaimed", new State(anonymous("reg").revoke(EndReason.OPERATOR, NOW), NOW));
        states.put("revoked while pending", new State(withCode("reg").revoke(EndReason.OPERATOR, NOW), NOW));
        states.put("revoked after the claim", new State(claimed("reg", "user_1").revoke(EndReason.OPERATOR, NOW), NOW));
        states.put(
                "revoked, Bob's after a no",
                new State(owned(thenBob, "user_2", NOW).revoke(EndReason.OPERATOR, NOW), NOW));
        states.put("erased", new State(claimed("reg", "user_1").erase(NOW), NOW));
        states.put("e-mail", new State(email("reg"), NOW));
        states.put("e-mail, code out", new State(revealed(email("reg")), NOW));
        states.put("e-mail, link lapsed", new State(email("reg"), LINK_EXPIRES));
        states.put("e-mail, one guess left", new State(guessed(revealed(email("reg")), 19), NOW));
        states.put("e-mail rejected", new State(next(email("reg").reject(NOW)), NOW));
        states.put("e-mail guessed out", new State(guessed(revealed(email("reg")), 20), NOW));
        states.put("e-mail claimed", new State(owned(revealed(email("reg")), "user_1", NOW), NOW));
        states.put("provider", new State(provider, NOW));
        states.put("provider revoked", new State(provider.revoke(EndReason.OPERATOR, NOW), NOW));
        states.put("step-up", new State(stepUp, NOW));
        states.put("step-up, code out", new State(revealed(stepUp), NOW));
        states.put("step-up, one guess left", new State(guessed(revealed(stepUp), 19), NOW));
        states.put("step-up rejected", new State(next(stepUp.reject(NOW)), NOW));
        states.put("step-up expired", new State(revealed(stepUp), CLAIM_EXPIRES));
        states.put("step-up confirmed", new State(owned(revealed(stepUp), "user_1", NOW), NOW));
        states.put(
                "step-up revoked after it",
                new State(owned(revealed(stepUp), "user_1", NOW).revoke(EndReason.OPERATOR, NOW), NOW));
        Registration both = revealed(withTyped("reg"));
        Registration bothVoid = guessed(both, 5);
        Registration signIn = bySignIn("reg", new Asked.Mailbox(ALICE));
        Registration anybody = bySignIn("reg", new Asked.Anybody());
        Registration byTyping = ownedByTyping(withTyped("reg"), "user_1", NOW);
        states.put("typed code out", new State(withTyped("reg"), NOW));
        states.put("both codes out", new State(both, NOW));
        states.put("typed lapsed, code live", new State(both, LINK_EXPIRES));
        states.put("both codes void", new State(bothVoid, NOW));
        states.put("typed void, code anew", new State(revealed(bothVoid), NOW));
        states.put(
                "code void, typed anew",
                new State(next(bothVoid.repeatAttempt(null, TypedCode.of("cla_reg", TYPED), NOW)), NOW));
        states.put("typed, said no", new State(next(both.reject(NOW)), NOW));
        states.put("claimed by typing", new State(byTyping, NOW));
        states.put("sign-in", new State(signIn, NOW));
        states.put("sign-in, code out", new State(revealed(signIn), NOW));
        states.put("sign-in, link lapsed", new State(signIn, LINK_EXPIRES));
        states.put("sign-in, anybody", new State(anybody, NOW));
        states.put("sign-in, somebody said no", new State(next(anybody.reject(NOW)), NOW));
        states.put("e-mail, one typed left", new State(typed(guessed(revealed(email("reg")), 19)), NOW));
        return states;
    }

    private static Map<String, BiFunction<Registration, Instant, Transition>> transitions() {
        Map<String, BiFunction<Registration, Instant, Transition>> transitions = new LinkedHashMap<>();
        transitions.put("ask Alice", (registration, now) -> registration.startAttempt(attemptAt(ALICE, now), now));
        transitions.put("ask Bob", (registration, now) -> registration.startAttempt(attemptAt(BOB, now), now));
        transitions.put(
                "reveal",
                (registration, now) -> registration.revealCode(codeFor(registration, now.plusSeconds(60)), now));
        transitions.put("reject", Registration::reject);
        transitions.put("guess wrong", (registration, now) -> guess(registration, WRONG_CODE, now));
        transitions.put("claim", (registration, now) -> guess(registration, CODE, now));
        transitions.put("renew token", (registration, now) -> registration.renewClaimToken(claimToken("new"), now));
        transitions.put("type wrong", (registration, now) -> type(registration, WRONG_CODE, now));
        transitions.put("type", (registration, now) -> type(registration, TYPED, now));
        transitions.put(
                "repeat",
                (registration, now) -> registration.repeatAttempt(
                        isBySignIn(registration) ? signInToken("fresh") : null, TypedCode.of("cla_reg", CODE), now));
        return transitions;
    }

    /** Wrong guesses, with a new code after every fifth as long as there may be one. */
    private static Registration guessed(Registration registration, int times) {
        Registration current = registration;
        for (int i = 1; i <= times; i++) {
            current = guessedWrong(current, NOW);
            if (i % 5 == 0 && i < times) {
                current = revealed(current);
            }
        }
        return current;
    }

    /** With a code to be typed, once its mail was accepted. */
    private static Registration typed(Registration registration) {
        return next(registration
                .mailed("cla_reg", Delivery.ACCEPTED)
                .repeatAttempt(null, TypedCode.of("cla_reg", TYPED), NOW));
    }

    private static boolean isBySignIn(Registration registration) {
        Attempt attempt = registration.attempt();
        return attempt != null && attempt.way() == Way.SIGN_IN;
    }

    private static Attempt attemptAt(String address, Instant now) {
        return Attempt.asking(
                "cla_new", attempt("new").tokenHash(), new Asked.Mailbox(address), now, now.plusSeconds(600));
    }

    /** What a guess leads to: with the right code its owner's, with a wrong one counted. */
    private static Transition guess(Registration registration, String digits, Instant now) {
        return afterwards(registration, registration.guess(digits, now));
    }

    private static Transition type(Registration registration, String digits, Instant now) {
        return afterwards(registration, registration.type(digits, isBySignIn(registration) ? "user_1" : null, now));
    }

    private static Transition afterwards(Registration registration, Guess guess) {
        if (guess instanceof Guess.Refused refused) {
            return new Transition.Refused(refused.problem());
        }
        return new Transition.Allowed(
                guess instanceof Guess.Right proof
                        ? registration.claim(proof, "user_1")
                        : ((Guess.Wrong) guess).next());
    }

    @TestFactory
    Stream<DynamicTest> everyPair() {
        List<List<String>> rows = rows();
        List<String> columns = rows.get(0);
        return rows.stream()
                .skip(1)
                .flatMap(row -> Stream.iterate(1, column -> column < columns.size(), column -> column + 1)
                        .map(column -> pair(row.get(0), columns.get(column), row.get(column))));
    }

    /** An anonymous one that is not over; whoever is being asked, and whatever codes are out. */
    @TestFactory
    Stream<DynamicTest> claimOnAProvidersWordInEveryState() {
        ProviderIdentity identity = identity("word");
        return STATES.entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey() + ": claimed on a provider's word", () -> {
                    Registration from = entry.getValue().registration();
                    Instant now = entry.getValue().now();
                    Transition transition = from.claim(TestIdJags.verified(identity, NOW), "user_9", now);
                    if (from.kind() != RegistrationKind.ANONYMOUS) {
                        assertThat(transition).isEqualTo(new Transition.Refused(Problem.ASKED_ALREADY));
                        return;
                    }
                    if (from.ended(now).isPresent()) {
                        assertThat(transition)
                                .isEqualTo(
                                        new Transition.Refused(from.ended(now).orElseThrow()));
                        return;
                    }
                    Registration next = transition.orElseThrow();
                    assertThat(next.status(now)).isEqualTo(RegistrationStatus.CLAIMED);
                    assertThat(next.kind()).isEqualTo(RegistrationKind.ANONYMOUS);
                    assertThat(next.userId()).isEqualTo("user_9");
                    assertThat(next.epoch()).isEqualTo(from.epoch() + 1);
                    assertThat(next.provider()).isEqualTo(ProviderLink.of(identity, NOW));
                    assertThat(next.canRefresh()).isFalse();
                    assertThat(next.guessProblem(now)).contains(Problem.CLAIMED);
                    assertThat(next.answerProblem(now)).contains(Problem.CLAIMED);
                    assertThat(next.loggedOut(NOW, now).status(now)).isEqualTo(RegistrationStatus.REVOKED);
                }));
    }

    private static DynamicTest pair(String name, String column, String expected) {
        State state = STATES.get(name);
        if (column.equals("is")) {
            return DynamicTest.dynamicTest(
                    name + " is " + expected,
                    () -> assertThat(state.registration().status(state.now())).isEqualTo(status(expected)));
        }
        return DynamicTest.dynamicTest(name + ": " + column + " -> " + expected, () -> {
            Transition transition = TRANSITIONS.get(column).apply(state.registration(), state.now());
            if (expected.equals(expected.toLowerCase(java.util.Locale.ROOT))) {
                assertThat(transition).isInstanceOf(Transition.Allowed.class);
                Registration next = ((Transition.Allowed) transition).next();
                assertThat(next.status(state.now())).isEqualTo(status(expected));
                assertThat(next).as("a change").isNotEqualTo(state.registration());
                assertThat(next.version()).as("only the store raises it").isEqualTo(0);
                assertThat(next.epoch()).isEqualTo(state.registration().epoch());
            } else {
                assertThat(transition).isEqualTo(new Transition.Refused(Problem.valueOf(expected)));
            }
        });
    }

    private static RegistrationStatus status(String name) {
        return switch (name) {
            case "open", "unclaimed" -> RegistrationStatus.UNCLAIMED;
            case "pending" -> RegistrationStatus.PENDING_CLAIM;
            case "claimed" -> RegistrationStatus.CLAIMED;
            case "expired" -> RegistrationStatus.EXPIRED;
            case "revoked" -> RegistrationStatus.REVOKED;
            default -> throw new IllegalArgumentException(name);
        };
    }

    @Test
    void tableHasEveryStateAndEveryTransition() {
        List<List<String>> rows = rows();

        assertThat(rows.get(0).subList(2, rows.get(0).size())).containsExactlyElementsOf(TRANSITIONS.keySet());
        assertThat(rows.stream().skip(1).map(row -> row.get(0))).containsExactlyElementsOf(STATES.keySet());
        assertThat(rows).allSatisfy(row -> assertThat(row).hasSameSizeAs(rows.get(0)));
        assertThat(STATES.values().stream()
                        .map(state -> state.registration().status(state.now()))
                        .distinct())
                .as("every status occurs")
                .containsExactlyInAnyOrder(RegistrationStatus.values());
        assertThat(TABLE)
                .as("every refusal occurs")
                .contains(
                        "SAID_NO",
                        "CLAIMED",
                        "CLAIMED_BY_TYPING",
                        "REVOKED",
                        "CLAIM_LAPSED",
                        "GUESSED_OUT",
                        "LINK_LAPSED",
                        "CODE_NOT_SHOWN",
                        "CODE_LAPSED",
                        "CODE_VOID");
    }

    /** The transitions that are never refused: what each does to the status, in every state. */
    @TestFactory
    Stream<DynamicTest> whatIsNeverRefused() {
        return STATES.entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    Registration registration = entry.getValue().registration();
                    Instant now = entry.getValue().now();
                    RegistrationStatus before = registration.status(now);

                    assertThat(registration.revoke(EndReason.OPERATOR, now).status(now))
                            .isEqualTo(RegistrationStatus.REVOKED);
                    assertThat(registration.erase(now).status(now)).isEqualTo(RegistrationStatus.REVOKED);
                    assertThat(registration.raiseEpoch().status(now)).isEqualTo(before);
                    assertThat(registration.mailed("cla_reg", Delivery.ACCEPTED).status(now))
                            .isEqualTo(before);
                    assertThat(registration.mailed("cla_reg", Delivery.REFUSED).isLive(now))
                            .isEqualTo(registration.isLive(now));
                    if (registration.provider() == null) {
                        assertThat(registration.loggedOut(CLAIM_EXPIRES, now)).isSameAs(registration);
                    } else {
                        assertThat(registration.presented(NOW.plusSeconds(1)).status(now))
                                .isEqualTo(before);
                        assertThat(registration.loggedOut(NOW, now).status(now)).isEqualTo(RegistrationStatus.REVOKED);
                        assertThat(registration.loggedOut(NOW.minusSeconds(1), now))
                                .isEqualTo(registration);
                    }
                }));
    }

    @Test
    void nameEndsWithTheRegistrationWhereItsOwnerWasNotTheOneWhoGaveIt() {
        Registration named = claimed("reg", "user_1").named("Laptop");

        assertThat(named.revoke(EndReason.PERSON, NOW).ownership())
                .extracting(Ownership::label)
                .isEqualTo("Laptop");
        assertThat(named.revoke(EndReason.OWN_PROOF, NOW).ownership())
                .extracting(Ownership::userId, Ownership::label)
                .containsExactly("user_1", null);
    }

    private static List<List<String>> rows() {
        return TABLE.lines()
                .map(line ->
                        Arrays.stream(line.split("\\|", -1)).map(String::strip).toList())
                .toList();
    }
}
