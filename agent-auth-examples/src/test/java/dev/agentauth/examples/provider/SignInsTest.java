package dev.agentauth.examples.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.agentauth.examples.provider.RefusedException.Reason;
import java.time.Duration;
import java.time.Instant;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class SignInsTest {
    private static final Instant SECOND = Instant.parse("2026-05-04T13:00:00Z");
    private static final String SERVICE = "https://service.example";
    private static final Person ALICE =
            Person.find("http://localhost:4000", "alice@example.com").orElseThrow();
    private static final Person BOB =
            Person.find("http://localhost:4000", "bob@example.com").orElseThrow();

    private Instant now = SECOND;
    private Duration paused = Duration.ZERO;
    private ThrowingCallable whilePausing = () -> {};
    private final SignIns signIns = new SignIns(() -> now, this::pause);

    @Test
    void idJagIsDatedToTheSecondOfNow() throws Exception {
        String session = signIns.signIn(ALICE);
        now = SECOND.plusMillis(999);

        assertThat(signIns.vouch(session, SERVICE).issuedAt()).isEqualTo(SECOND);
        assertThat(paused).isZero();
    }

    @Test
    void logoutInTheSecondOfAnIdJagIsDatedToThatSecond() throws Exception {
        String session = signIns.signIn(ALICE);
        signIns.vouch(session, SERVICE);
        now = SECOND.plusMillis(999);

        assertThat(signIns.signOut(session).issuedAt()).isEqualTo(SECOND);
    }

    @Test
    void logoutAfterTheClockWentBackIsNotDatedBeforeTheIdJag() throws Exception {
        String session = signIns.signIn(ALICE);
        signIns.vouch(session, SERVICE);
        now = SECOND.minusSeconds(30);

        assertThat(signIns.signOut(session).issuedAt()).isEqualTo(SECOND);
    }

    @Test
    void idJagInTheSecondOfALogoutWaitsForTheNextSecond() throws Exception {
        signIns.signOut(signIns.signIn(ALICE));
        now = SECOND.plusMillis(400);

        assertThat(signIns.vouch(signIns.signIn(ALICE), SERVICE).issuedAt()).isEqualTo(SECOND.plusSeconds(1));
        assertThat(paused).isEqualTo(Duration.ofMillis(600));
    }

    @Test
    void idJagAtTheVeryStartOfALogoutsSecondWaitsAWholeSecond() throws Exception {
        signIns.signOut(signIns.signIn(ALICE));

        assertThat(signIns.vouch(signIns.signIn(ALICE), SERVICE).issuedAt()).isEqualTo(SECOND.plusSeconds(1));
        assertThat(paused).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void idJagInTheSecondAfterALogoutDoesNotWait() throws Exception {
        signIns.signOut(signIns.signIn(ALICE));
        now = SECOND.plusSeconds(1);

        assertThat(signIns.vouch(signIns.signIn(ALICE), SERVICE).issuedAt()).isEqualTo(SECOND.plusSeconds(1));
        assertThat(paused).isZero();
    }

    @Test
    void logoutOfOnePersonDoesNotMakeAnotherWait() throws Exception {
        signIns.signOut(signIns.signIn(ALICE));

        assertThat(signIns.vouch(signIns.signIn(BOB), SERVICE).issuedAt()).isEqualTo(SECOND);
        assertThat(paused).isZero();
    }

    @Test
    void idJagAfterTheClockWentBackBehindALogoutIsRefusedAfterOneShortWait() throws Exception {
        signIns.signOut(signIns.signIn(ALICE));
        now = SECOND.minusSeconds(30);
        String session = signIns.signIn(ALICE);

        assertThat(reason(() -> signIns.vouch(session, SERVICE))).isEqualTo(Reason.TOO_SOON);
        assertThat(paused).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void sessionThatEndsDuringTheWaitGetsNoIdJag() throws Exception {
        String session = signIns.signIn(ALICE);
        signIns.signOut(signIns.signIn(ALICE));
        whilePausing = () -> signIns.signOut(session);

        assertThat(reason(() -> signIns.vouch(session, SERVICE))).isEqualTo(Reason.UNKNOWN_SESSION);
    }

    @Test
    void signOutTellsTheServicesOfThatSession() throws Exception {
        String one = signIns.signIn(ALICE);
        String other = signIns.signIn(ALICE);
        signIns.vouch(one, SERVICE);
        signIns.vouch(one, "https://second.example");
        signIns.vouch(other, "https://third.example");

        SignIns.SignedOut signedOut = signIns.signOut(one);

        assertThat(signedOut.subject()).isEqualTo(ALICE.subject());
        assertThat(signedOut.audiences()).containsExactlyInAnyOrder(SERVICE, "https://second.example");
    }

    @Test
    void sessionThatHasEndedIsUnknown() throws Exception {
        String session = signIns.signIn(ALICE);
        signIns.signOut(session);

        assertThat(reason(() -> signIns.vouch(session, SERVICE))).isEqualTo(Reason.UNKNOWN_SESSION);
        assertThat(reason(() -> signIns.signOut(session))).isEqualTo(Reason.UNKNOWN_SESSION);
    }

    @Test
    void oneSessionIsForTenServices() throws Exception {
        String session = signIns.signIn(ALICE);
        for (int i = 0; i < 10; i++) {
            signIns.vouch(session, SERVICE + i);
        }

        assertThat(reason(() -> signIns.vouch(session, SERVICE + 10))).isEqualTo(Reason.TOO_MANY_SERVICES);
        assertThat(signIns.vouch(session, SERVICE + 9).issuedAt()).isEqualTo(SECOND);
    }

    @Test
    void theOldestOfMoreThanAThousandSessionsEnds() throws Exception {
        String oldest = signIns.signIn(ALICE);
        String second = signIns.signIn(BOB);
        for (int i = 0; i < 999; i++) {
            signIns.signIn(BOB);
        }

        assertThat(reason(() -> signIns.vouch(oldest, SERVICE))).isEqualTo(Reason.UNKNOWN_SESSION);
        assertThat(signIns.vouch(second, SERVICE).issuedAt()).isEqualTo(SECOND);
    }

    private void pause(Duration duration) {
        paused = paused.plus(duration);
        now = now.plus(duration);
        assertThatCode(whilePausing).doesNotThrowAnyException();
    }

    private static Reason reason(ThrowingCallable call) {
        return catchThrowableOfType(RefusedException.class, call).reason();
    }
}
