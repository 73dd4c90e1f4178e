package dev.agentauth.examples.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jwt.SignedJWT;
import dev.agentauth.examples.provider.RefusedException.Reason;
import dev.agentauth.examples.provider.kit.KeyRing;
import dev.agentauth.examples.provider.kit.Logout;
import dev.agentauth.examples.provider.kit.ProviderKit;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class SignInsTest {
    private static final Instant SECOND = Instant.parse("2026-05-04T13:00:00Z");
    private static final String SERVICE = "https://service.example";
    private static final String ISSUER = "http://localhost:4000";
    private static final Person ALICE = Person.find(ISSUER, "alice@example.com").orElseThrow();
    private static final Person BOB = Person.find(ISSUER, "bob@example.com").orElseThrow();

    private Instant now = SECOND;
    private Duration paused = Duration.ZERO;
    private ThrowingCallable whilePausing = () -> {};
    private final ProviderKit kit = ProviderKit.builder(ISSUER, KeyRing.generate(() -> now))
            .clock(() -> now)
            .build();
    private final SignIns signIns = new SignIns(() -> now, this::pause, kit);

    @Test
    void idJagIsDatedToTheSecondOfNow() throws Exception {
        String session = signIns.signIn(ALICE);
        now = SECOND.plusMillis(999);

        assertThat(issuedAt(vouch(session, SERVICE))).isEqualTo(SECOND);
        assertThat(paused).isZero();
    }

    @Test
    void idJagInTheSecondOfALogoutWaitsForTheNextSecond() throws Exception {
        logOutAlice();
        now = SECOND.plusMillis(400);

        assertThat(issuedAt(vouch(signIns.signIn(ALICE), SERVICE))).isEqualTo(SECOND.plusSeconds(1));
        assertThat(paused).isEqualTo(Duration.ofMillis(600));
    }

    @Test
    void idJagInTheSecondAfterALogoutDoesNotWait() throws Exception {
        logOutAlice();
        now = SECOND.plusSeconds(1);

        assertThat(issuedAt(vouch(signIns.signIn(ALICE), SERVICE))).isEqualTo(SECOND.plusSeconds(1));
        assertThat(paused).isZero();
    }

    @Test
    void logoutOfOnePersonDoesNotMakeAnotherWait() throws Exception {
        logOutAlice();

        assertThat(issuedAt(vouch(signIns.signIn(BOB), SERVICE))).isEqualTo(SECOND);
        assertThat(paused).isZero();
    }

    @Test
    void idJagAfterTheClockWentBackBehindALogoutIsRefusedAfterOneShortWait() throws Exception {
        logOutAlice();
        now = SECOND.minusSeconds(30);
        String session = signIns.signIn(ALICE);

        assertThat(reason(() -> vouch(session, SERVICE))).isEqualTo(Reason.TOO_SOON);
        assertThat(paused).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void sessionThatEndsDuringTheWaitGetsNoIdJag() throws Exception {
        String session = signIns.signIn(ALICE);
        logOutAlice();
        whilePausing = () -> signIns.signOut(session);

        assertThat(reason(() -> vouch(session, SERVICE))).isEqualTo(Reason.UNKNOWN_SESSION);
    }

    @Test
    void signOutTellsTheServicesOfThatSession() throws Exception {
        String one = signIns.signIn(ALICE);
        String other = signIns.signIn(ALICE);
        vouch(one, SERVICE);
        vouch(one, "https://second.example");
        vouch(other, "https://third.example");

        assertThat(signIns.signOut(one))
                .extracting(Logout::audience)
                .containsExactlyInAnyOrder(SERVICE, "https://second.example");
    }

    @Test
    void sessionThatHasEndedIsUnknown() throws Exception {
        String session = signIns.signIn(ALICE);
        signIns.signOut(session);

        assertThat(reason(() -> vouch(session, SERVICE))).isEqualTo(Reason.UNKNOWN_SESSION);
        assertThat(reason(() -> signIns.signOut(session))).isEqualTo(Reason.UNKNOWN_SESSION);
    }

    @Test
    void oneSessionIsForTenServices() throws Exception {
        String session = signIns.signIn(ALICE);
        for (int i = 0; i < 10; i++) {
            vouch(session, SERVICE + i);
        }

        assertThat(reason(() -> vouch(session, SERVICE + 10))).isEqualTo(Reason.TOO_MANY_SERVICES);
        assertThat(issuedAt(vouch(session, SERVICE + 9))).isEqualTo(SECOND);
        assertThat(signIns.signOut(session)).hasSize(10);
    }

    @Test
    void theOldestOfMoreThanAThousandSessionsEnds() throws Exception {
        String oldest = signIns.signIn(ALICE);
        String second = signIns.signIn(BOB);
        for (int i = 0; i < 999; i++) {
            signIns.signIn(BOB);
        }

        assertThat(reason(() -> vouch(oldest, SERVICE))).isEqualTo(Reason.UNKNOWN_SESSION);
        assertThat(issuedAt(vouch(second, SERVICE))).isEqualTo(SECOND);
    }

    private void logOutAlice() throws Exception {
        String session = signIns.signIn(ALICE);
        vouch(session, SERVICE);
        signIns.signOut(session);
    }

    private String vouch(String session, String audience) throws RefusedException, InterruptedException {
        return signIns.vouch(session, audience, UnaryOperator.identity());
    }

    private static Instant issuedAt(String jwt) throws ParseException {
        return SignedJWT.parse(jwt).getJWTClaimsSet().getIssueTime().toInstant();
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
