package dev.agentauth.registration;

import static dev.agentauth.testkit.TestRegistrations.NOW;
import static dev.agentauth.testkit.TestRegistrations.identity;
import static dev.agentauth.testkit.TestRegistrations.provider;
import static dev.agentauth.testkit.TestRegistrations.stepUp;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** T59: the table of PROTOCOL A7, in whatever order presentations and logouts arrive. */
class LogoutOrderTest {

    /** An assertion that was handed out for an ID-JAG. */
    private record Handed(int registration, long epoch, int issuedAt, Set<Integer> logoutsBefore) {}

    @Test
    void newestUpToTheLogoutIsRevoked() {
        Registration presented = presentedAt(10, 20);

        assertThat(presented.loggedOut(at(20), NOW).status(NOW)).isEqualTo(RegistrationStatus.REVOKED);
        assertThat(presented.loggedOut(at(21), NOW).status(NOW)).isEqualTo(RegistrationStatus.REVOKED);
        assertThat(presented.loggedOut(at(20), NOW).epoch()).isZero();
    }

    @Test
    void firstUpToTheLogoutAndNewestAfterItLivesOnWithARaisedEpoch() {
        Registration presented = presentedAt(10, 20);

        for (int logout : new int[] {10, 15, 19}) {
            Registration after = presented.loggedOut(at(logout), NOW);
            assertThat(after.status(NOW)).isEqualTo(RegistrationStatus.CLAIMED);
            assertThat(after.epoch()).isEqualTo(1);
            assertThat(after.userId()).isEqualTo(presented.userId());
        }
    }

    @Test
    void firstAfterTheLogoutIsUntouched() {
        Registration presented = presentedAt(10, 20);

        assertThat(presented.loggedOut(at(9), NOW)).isEqualTo(presented);
    }

    @Test
    void aRepeatedLogoutDoesNotHurtWhatCameAfterIt() {
        Registration after = presentedAt(10, 20).loggedOut(at(15), NOW);

        assertThat(after.loggedOut(at(15), NOW)).isEqualTo(after);
        assertThat(after.presented(at(30)).loggedOut(at(15), NOW)).isEqualTo(after.presented(at(30)));
        assertThat(after.presented(at(16)).loggedOut(at(15), NOW)).isEqualTo(after.presented(at(16)));
    }

    @Test
    void aPresentationFromBetweenTwoLogoutsIsStillReachedByTheSecond() {
        Registration between = presentedAt(10, 30).loggedOut(at(15), NOW).presented(at(20));

        assertThat(between.loggedOut(at(25), NOW).epoch()).isEqualTo(between.epoch() + 1);
    }

    @Test
    void whatEndedAlreadyStaysAsItIs() {
        Registration revoked = presentedAt(10, 20).revoke(EndReason.OPERATOR, NOW);

        assertThat(revoked.loggedOut(at(15), NOW.plusSeconds(1))).isEqualTo(revoked);
        assertThat(revoked.loggedOut(at(25), NOW.plusSeconds(1))).isEqualTo(revoked);
    }

    @Test
    void aPendingStepUpIsTreatedTheSame() {
        Registration pending = stepUp("reg", identity("s"), "user_1").presented(NOW.plusSeconds(10));

        assertThat(pending.loggedOut(NOW.plusSeconds(10), NOW).status(NOW)).isEqualTo(RegistrationStatus.REVOKED);
        assertThat(pending.loggedOut(NOW, NOW).status(NOW)).isEqualTo(RegistrationStatus.PENDING_CLAIM);
        assertThat(pending.loggedOut(NOW, NOW).epoch()).isEqualTo(1);
    }

    @Test
    void presentingOutOfOrderKeepsTheLeastAndTheGreatest() {
        ProviderLink link = presentedAt(20, 10, 30, 25).provider();

        assertThat(link).isEqualTo(new ProviderLink(identity("s"), at(10), at(30)));
        assertThat(presentedAt(20, 20).provider()).isEqualTo(ProviderLink.of(identity("s"), at(20)));
    }

    /** Every order in which these can arrive: positive is a presentation's iat, negative a logout's. */
    @Test
    void everyInterleavingKeepsTheTable() {
        int orders = permute(new ArrayList<>(List.of(10, 20, 20, 30, -5, -10, -15, -15, -25)), 0);

        assertThat(orders).isEqualTo(362_880 / 4);
    }

    private int permute(List<Integer> events, int from) {
        if (from == events.size()) {
            play(events);
            return 1;
        }
        int orders = 0;
        Set<Integer> hereBefore = new HashSet<>();
        for (int i = from; i < events.size(); i++) {
            if (!hereBefore.add(events.get(i))) {
                continue;
            }
            Collections.swap(events, from, i);
            orders += permute(events, from + 1);
            Collections.swap(events, from, i);
        }
        return orders;
    }

    private static void play(List<Integer> events) {
        List<Handed> handed = new ArrayList<>();
        TreeSet<Integer> logouts = new TreeSet<>();
        Registration live = null;
        int registrations = 0;
        for (int event : events) {
            if (event > 0) {
                if (!logouts.isEmpty() && event <= logouts.last()) {
                    continue; // refused: it is under the mark
                }
                if (live == null) {
                    live = Registration.provider(
                            "reg_" + ++registrations, ProviderLink.of(identity("s"), at(event)), "user_1", NOW);
                } else {
                    live = live.presented(at(event));
                }
                handed.add(new Handed(registrations, live.epoch(), event, Set.copyOf(logouts)));
                continue;
            }
            int logout = -event;
            Registration before = live;
            List<Handed> aliveBefore = alive(handed, before, registrations);
            logouts.add(logout);
            if (before == null) {
                continue;
            }
            Registration after = before.loggedOut(at(logout), NOW);
            live = after.revokedAt() == null ? after : null;
            List<Handed> aliveAfter = alive(handed, live, registrations);
            check(events, logout, before, after, aliveBefore, aliveAfter);
        }
    }

    private static void check(
            List<Integer> events,
            int logout,
            Registration before,
            Registration after,
            List<Handed> aliveBefore,
            List<Handed> aliveAfter) {
        String told = "order " + events + " at -" + logout;
        // Nothing from before the logout is left.
        if (aliveAfter.stream().anyMatch(assertion -> assertion.issuedAt() <= logout)) {
            throw new AssertionError(told + ": alive " + aliveAfter);
        }
        // What nobody vouched for before the logout is untouched.
        if (aliveBefore.stream().allMatch(assertion -> assertion.issuedAt() > logout)
                && before.provider().firstIssuedAt().isAfter(at(logout))
                && !after.equals(before)) {
            throw new AssertionError(told + ": touched " + before + " to " + after);
        }
        // It ends exactly if nothing newer was vouched for.
        if (before.provider().newestIssuedAt().isAfter(at(logout)) != (after.revokedAt() == null)) {
            throw new AssertionError(told + ": " + after);
        }
        // A logout that came before an assertion was handed out never ends it by coming again.
        for (Handed assertion : aliveBefore) {
            if (assertion.logoutsBefore().contains(logout) && !aliveAfter.contains(assertion)) {
                throw new AssertionError(told + ": hurt " + assertion);
            }
        }
    }

    private static List<Handed> alive(List<Handed> handed, Registration live, int registrations) {
        return handed.stream()
                .filter(assertion ->
                        live != null && assertion.registration() == registrations && assertion.epoch() == live.epoch())
                .toList();
    }

    private static Registration presentedAt(int first, int... more) {
        Registration registration =
                Registration.provider("reg", ProviderLink.of(identity("s"), at(first)), "user_1", NOW);
        for (int issuedAt : more) {
            registration = registration.presented(at(issuedAt));
        }
        return registration;
    }

    private static Instant at(int seconds) {
        return NOW.plusSeconds(seconds);
    }

    /** The fixtures and this test speak of the same thing. */
    @Test
    void aProviderRegistrationBeginsWithOneIdJag() {
        assertThat(provider("reg", identity("s"), "user_1").provider())
                .isEqualTo(new ProviderLink(identity("s"), NOW, NOW));
    }
}
