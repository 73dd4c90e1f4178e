package dev.agentauth.registration;

import static dev.agentauth.testkit.TestRegistrations.CLAIM_EXPIRES;
import static dev.agentauth.testkit.TestRegistrations.NOW;
import static dev.agentauth.testkit.TestRegistrations.REFRESH_EXPIRES;
import static dev.agentauth.testkit.TestRegistrations.claimed;
import static dev.agentauth.testkit.TestRegistrations.email;
import static dev.agentauth.testkit.TestRegistrations.identity;
import static dev.agentauth.testkit.TestRegistrations.owned;
import static dev.agentauth.testkit.TestRegistrations.provider;
import static dev.agentauth.testkit.TestRegistrations.refreshFamily;
import static dev.agentauth.testkit.TestRegistrations.refreshToken;
import static dev.agentauth.testkit.TestRegistrations.refreshable;
import static dev.agentauth.testkit.TestRegistrations.refreshed;
import static dev.agentauth.testkit.TestRegistrations.revealed;
import static dev.agentauth.testkit.TestRegistrations.stepUp;
import static dev.agentauth.testkit.TestRegistrations.withCode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.agentauth.SecretHash;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every pair of a state of the refresh tokens and a token that is shown, by one table (PROTOCOL B6). */
class RefreshTransitionsTest {
    private static final Duration TICK = Duration.ofNanos(1000);
    private static final Instant LEEWAY_ENDS = NOW.plusSeconds(120);

    /** {@code first} is the token that was handed out at the claim, {@code second} and {@code sibling} were for it. */
    private static final String TABLE = """
            state                         | first     | second    | sibling   | third     | made up   | other family
            first out                     | successor | reused    | reused    | reused    | reused    | nothing
            first spent                   | successor | successor | reused    | reused    | reused    | nothing
            first spent, clock behind     | successor | successor | reused    | reused    | reused    | nothing
            120 s after                   | successor | successor | reused    | reused    | reused    | nothing
            more than 120 s after         | reused    | successor | reused    | reused    | reused    | nothing
            two out                       | successor | successor | successor | reused    | reused    | nothing
            sixteen out                   | too many  | successor | successor | reused    | reused    | nothing
            sixteen out, long ago         | reused    | successor | successor | reused    | reused    | nothing
            second spent of two           | reused    | successor | reused    | successor | reused    | nothing
            just before its end           | successor | reused    | reused    | reused    | reused    | nothing
            at its end                    | nothing   | nothing   | nothing   | nothing   | nothing   | nothing
            after a reuse                 | nothing   | nothing   | nothing   | nothing   | nothing   | nothing
            given back                    | nothing   | nothing   | nothing   | nothing   | nothing   | nothing
            epoch raised                  | nothing   | nothing   | nothing   | nothing   | nothing   | nothing
            revoked                       | nothing   | nothing   | nothing   | nothing   | nothing   | nothing
            erased                        | nothing   | nothing   | nothing   | nothing   | nothing   | nothing
            claimed, none ever            | nothing   | nothing   | nothing   | nothing   | nothing   | nothing
            unclaimed                     | nothing   | nothing   | nothing   | nothing   | nothing   | nothing
            unclaimed and expired         | nothing   | nothing   | nothing   | nothing   | nothing   | nothing
            provider                      | nothing   | nothing   | nothing   | nothing   | nothing   | nothing
            begun anew in the next epoch  | successor | reused    | reused    | reused    | reused    | nothing
            e-mail                        | successor | reused    | reused    | reused    | reused    | nothing
            """;

    /** A registration, and the instant at which it is in the state. */
    private record State(Registration registration, Instant now) {}

    private static Map<String, State> states() {
        Registration first = refreshable("reg", "user_1");
        Registration spent = refreshed(first, "first", "second", NOW);
        Registration two = refreshed(spent, "first", "sibling", NOW);
        Registration sixteen = two;
        for (int i = 3; i <= RefreshFamily.MAX_OUT; i++) {
            sixteen = refreshed(sixteen, "first", "more " + i, NOW);
        }
        Map<String, State> states = new LinkedHashMap<>();
        states.put("first out", new State(first, NOW));
        states.put("first spent", new State(spent, NOW));
        states.put("first spent, clock behind", new State(spent, NOW.minusSeconds(60)));
        states.put("120 s after", new State(spent, LEEWAY_ENDS));
        states.put("more than 120 s after", new State(spent, LEEWAY_ENDS.plus(TICK)));
        states.put("two out", new State(two, NOW));
        states.put("sixteen out", new State(sixteen, LEEWAY_ENDS));
        states.put("sixteen out, long ago", new State(sixteen, LEEWAY_ENDS.plus(TICK)));
        states.put("second spent of two", new State(refreshed(two, "second", "third", NOW), NOW));
        states.put("just before its end", new State(first, REFRESH_EXPIRES.minus(TICK)));
        states.put("at its end", new State(first, REFRESH_EXPIRES));
        states.put("after a reuse", new State(((Refresh.Reused) show(new State(spent, NOW), "made up")).next(), NOW));
        states.put("given back", new State(first.revokeRefreshing(refreshFamily("reg"), NOW), NOW));
        states.put("epoch raised", new State(first.raiseEpoch(), NOW));
        states.put("revoked", new State(first.revoke(EndReason.OPERATOR, NOW), NOW));
        states.put("erased", new State(first.erase(NOW), NOW));
        states.put("claimed, none ever", new State(claimed("reg", "user_1"), NOW));
        states.put("unclaimed", new State(withCode("reg"), NOW));
        states.put("unclaimed and expired", new State(withCode("reg"), CLAIM_EXPIRES));
        states.put("provider", new State(provider("reg", identity("s"), "user_1"), NOW));
        states.put(
                "begun anew in the next epoch",
                new State(
                        spent.raiseEpoch()
                                .startRefreshing(refreshFamily("reg"), refreshToken("first"), REFRESH_EXPIRES),
                        NOW));
        states.put(
                "e-mail",
                new State(
                        owned(revealed(email("reg")), "user_1", NOW)
                                .startRefreshing(refreshFamily("reg"), refreshToken("first"), REFRESH_EXPIRES),
                        NOW));
        return states;
    }

    private static Refresh show(State state, String token) {
        boolean other = token.equals("other family");
        return state.registration()
                .refresh(
                        other ? refreshFamily("other") : refreshFamily("reg"),
                        refreshToken(other ? "first" : token),
                        refreshToken("new"),
                        REFRESH_EXPIRES.plusSeconds(1),
                        state.now());
    }

    @TestFactory
    Stream<DynamicTest> everyPair() {
        Map<String, State> states = states();
        List<List<String>> rows = rows();
        List<String> tokens = rows.get(0).subList(1, rows.get(0).size());
        assertThat(rows.stream().skip(1).map(row -> row.get(0))).containsExactlyElementsOf(states.keySet());
        return rows.stream()
                .skip(1)
                .flatMap(row -> IntStream.range(0, tokens.size())
                        .mapToObj(i -> DynamicTest.dynamicTest(
                                row.get(0) + ", shown " + tokens.get(i) + ": " + row.get(i + 1),
                                () -> check(
                                        Objects.requireNonNull(states.get(row.get(0))),
                                        tokens.get(i),
                                        row.get(i + 1)))));
    }

    private static void check(State state, String token, String expected) {
        Registration before = state.registration();
        Refresh refresh = show(state, token);
        switch (expected) {
            case "successor" -> {
                Registration next = ((Refresh.Succeeded) refresh).next();
                RefreshFamily family = Objects.requireNonNull(next.refresh());
                assertThat(family.out()).contains(refreshToken("new"));
                assertThat(family.expiresAt()).isEqualTo(REFRESH_EXPIRES.plusSeconds(1));
                assertThat(family.spent()).isEqualTo(refreshToken(token));
                assertThat(next.epoch()).isEqualTo(before.epoch());
                assertThat(next.status(state.now())).isEqualTo(RegistrationStatus.CLAIMED);
            }
            case "reused" -> {
                Registration next = ((Refresh.Reused) refresh).next();
                assertThat(next.epoch()).isEqualTo(before.epoch() + 1);
                assertThat(next.status(state.now())).isEqualTo(RegistrationStatus.CLAIMED);
                assertThat(next.restingSince())
                        .as("retention counts from now, give or take what clocks differ by")
                        .isBetween(state.now(), state.now().plusSeconds(60));
            }
            case "too many" -> assertThat(refresh).isInstanceOf(Refresh.TooMany.class);
            case "nothing" -> assertThat(refresh).isInstanceOf(Refresh.NoEffect.class);
            default -> throw new IllegalArgumentException(expected);
        }
        boolean dies = !expected.equals("nothing");
        SecretHash name = refreshFamily(token.equals("other family") ? "other" : "reg");
        assertThat(before.revokeRefreshing(name, state.now()).epoch())
                .as("given back: whichever of a living family it is")
                .isEqualTo(before.epoch() + (dies ? 1 : 0));
    }

    @Test
    void usingOneOfSeveralEndsTheOthers() {
        Registration two =
                refreshed(refreshed(refreshable("reg", "user_1"), "first", "second", NOW), "first", "sibling", NOW);

        Registration next = refreshed(two, "sibling", "third", NOW);

        assertThat(Objects.requireNonNull(next.refresh()).out()).containsExactly(refreshToken("third"));
        assertThat(show(new State(next, NOW), "second")).isInstanceOf(Refresh.Reused.class);
    }

    /** T70: each party knows what it was handed; whoever is second to use what the other one has moved past ends both. */
    @Test
    void t70_allInterleavingsOfTwoHoldersEndBothAfterTheSecondGeneration() {
        Set<String> seen = new TreeSet<>();
        for (int moves = 0; moves < 1 << 6; moves++) {
            Registration current = refreshable("reg", "user_1");
            String[] held = {"first", "first"};
            int[] used = new int[2];
            boolean dead = false;
            StringBuilder order = new StringBuilder();
            for (int i = 0; i < 6 && !dead; i++) {
                int who = moves >> i & 1;
                order.append(who);
                String successor = who + " in turn " + i;
                Refresh refresh = current.refresh(
                        refreshFamily("reg"), refreshToken(held[who]), refreshToken(successor), REFRESH_EXPIRES, NOW);
                if (refresh instanceof Refresh.Succeeded succeeded) {
                    current = succeeded.next();
                    held[who] = successor;
                    used[who]++;
                } else {
                    current = ((Refresh.Reused) refresh).next();
                    dead = true;
                }
            }
            boolean bothWentOn = used[0] > 0 && used[1] > 0 && used[0] + used[1] > 2;
            seen.add(bothWentOn + " " + dead);
            if (dead) {
                for (String token : held) {
                    assertThat(show(new State(current, NOW), token))
                            .as("%s after %s", token, order)
                            .isInstanceOf(Refresh.NoEffect.class);
                }
            } else {
                assertThat(Math.min(used[0], used[1]))
                        .as("both alive after %s", order)
                        .isLessThanOrEqualTo(1);
            }
        }
        assertThat(seen).contains("true true");
    }

    @Test
    void whatAProviderVouchesForOrNobodyOwnsHasNone() {
        Registration confirmed = owned(revealed(stepUp("reg", identity("s"), "user_1")), "user_1", NOW);
        Registration revoked = claimed("reg", "user_1").revoke(EndReason.OPERATOR, NOW);
        for (Registration registration :
                List.of(provider("reg", identity("s"), "user_1"), confirmed, withCode("reg"), revoked)) {
            assertThat(registration.canRefresh()).isFalse();
            assertThatIllegalStateException()
                    .isThrownBy(() ->
                            registration.startRefreshing(refreshFamily("reg"), refreshToken("first"), REFRESH_EXPIRES));
        }
        assertThat(claimed("reg", "user_1").canRefresh()).isTrue();
    }

    @Test
    void erasingLeavesNothingOfIt() {
        assertThat(refreshable("reg", "user_1").erase(NOW).refresh()).isNull();
    }

    @Test
    void t74_aLivingFamilyKeepsItsRegistrationAndTheLastUseIsTheLastAssertion() {
        Registration first = refreshable("reg", "user_1");
        Instant later = NOW.plus(Duration.ofDays(10));
        Registration used = refreshed(first, "first", "second", later);

        assertThat(first.restingSince()).isEqualTo(REFRESH_EXPIRES);
        assertThat(first.lastIssuedAt()).isEqualTo(NOW);
        assertThat(used.restingSince()).isEqualTo(later.plus(Duration.ofDays(30)));
        assertThat(used.lastIssuedAt()).isEqualTo(later);
        assertThat(used.revoke(EndReason.OPERATOR, later).restingSince()).isEqualTo(later);
        assertThat(used.revokeRefreshing(refreshFamily("reg"), later.plusSeconds(5))
                        .restingSince())
                .isEqualTo(later.plusSeconds(5));
    }

    @Test
    void aFamilyHasOneToSixteenTokensOut() {
        for (int tokens : new int[] {0, RefreshFamily.MAX_OUT + 1}) {
            Set<SecretHash> out = new java.util.HashSet<>();
            IntStream.range(0, tokens).forEach(i -> out.add(refreshToken("token " + i)));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new RefreshFamily(refreshFamily("reg"), out, null, null, REFRESH_EXPIRES, 0));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RefreshFamily(
                        refreshFamily("reg"),
                        Set.of(refreshToken("first")),
                        refreshToken("x"),
                        null,
                        REFRESH_EXPIRES,
                        0));
    }

    private static List<List<String>> rows() {
        return TABLE.lines()
                .map(line ->
                        Arrays.stream(line.split("\\|", -1)).map(String::strip).toList())
                .toList();
    }
}
