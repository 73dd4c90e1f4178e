package dev.agentauth;

import static dev.agentauth.TestService.CALLER;
import static dev.agentauth.TestService.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.config.Lifetimes;
import dev.agentauth.registration.RegistrationStatus;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A person can answer as long as anything lives that the answer is about: the link, or a code that it revealed. */
class F01_F02_AnswersWhileACodeLivesTest {
    private static final String ALICE = "alice@example.com";
    private static final Duration LINK = Duration.ofSeconds(15);
    private static final Duration CODE = Duration.ofSeconds(40);
    private static final Duration TICK = Duration.ofMillis(1);

    private final TestService service = TestService.start(
            builder -> builder.lifetimes(Lifetimes.standard().withAttempt(LINK).withCode(CODE)));

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void t86_f01_aNoReachesTheCodeThatItWasSaidTo() {
        Registered.Email agent = service.email(ALICE);
        String code = service.reveal();
        service.clock.advance(LINK);

        service.auth.rejectClaim(CALLER, service.outbox.lastToken());

        assertThat(Refused.problem(() -> service.complete(agent.claim(), code))).isEqualTo(Problem.SAID_NO);
        assertThat(service.stored(agent.registrationId()).status(service.clock.instant()))
                .isEqualTo(RegistrationStatus.REVOKED);
    }

    @Test
    void f01_aNoReachesTheCodeOfAnAnonymousAgentWhichGoesOn() {
        Registered.Anonymous agent = service.anonymous();
        service.startClaim(agent.claim(), ALICE);
        String code = service.reveal();
        service.clock.advance(CODE.minus(TICK));

        service.auth.rejectClaim(CALLER, service.outbox.lastToken());

        assertThat(Refused.problem(() -> service.complete(agent.claim(), code))).isEqualTo(Problem.SAID_NO);
        assertThat(service.stored(agent.registrationId()).status(service.clock.instant()))
                .isEqualTo(RegistrationStatus.UNCLAIMED);
    }

    @Test
    void f01_viewIsOpenExactlyAsLongAsTheLinkOrACodeLives() {
        service.email(ALICE);
        String token = service.outbox.lastToken();
        service.reveal();

        service.clock.moveTo(START.plus(CODE).minus(TICK));
        ClaimView.Open open = (ClaimView.Open) service.auth.viewClaim(token);
        assertThat(open.expiresAt()).isEqualTo(START.plus(CODE));
        service.clock.advance(TICK);
        assertThat(service.auth.viewClaim(token)).isEqualTo(new ClaimView.Closed(ClaimView.Reason.LAPSED));
    }

    @Test
    void f01_aLinkWithoutACodeLapsesAsBefore() {
        service.email(ALICE);
        String token = service.outbox.lastToken();
        service.clock.moveTo(START.plus(LINK).minus(TICK));
        assertThat(service.auth.viewClaim(token)).isInstanceOf(ClaimView.Open.class);
        service.clock.advance(TICK);

        assertThat(service.auth.viewClaim(token)).isEqualTo(new ClaimView.Closed(ClaimView.Reason.LAPSED));
        assertThat(Refused.problem(() -> service.auth.revealCode(CALLER, token)))
                .isEqualTo(Problem.LINK_LAPSED);
        assertThat(Refused.problem(() -> service.auth.rejectClaim(CALLER, token)))
                .isEqualTo(Problem.LINK_LAPSED);
    }

    @Test
    void f02_aCodeIsRenewedWhileItLivesAndTheOldOneDies() {
        Registered.Email agent = service.email(ALICE);
        String token = service.outbox.lastToken();
        String old = service.reveal();
        service.clock.advance(CODE.minus(TICK));

        RevealedCode renewed = service.auth.revealCode(CALLER, token);

        assertThat(renewed.expiresAt()).isEqualTo(service.clock.instant().plus(CODE));
        service.clock.advance(CODE.minus(TICK));
        if (!old.equals(renewed.code().reveal())) {
            assertThat(Refused.problem(() -> service.complete(agent.claim(), old)))
                    .isEqualTo(Problem.CODE_WRONG);
        }
        assertThat(service.complete(agent.claim(), renewed.code().reveal()).assertion())
                .isPresent();
    }

    @Test
    void f02_aCodeThatWasGuessedVoidIsRenewedUntilItsTimeIsOver() {
        Registered.Email agent = service.email(ALICE);
        String token = service.outbox.lastToken();
        String code = service.reveal();
        for (int i = 0; i < 5; i++) {
            assertThat(Refused.problem(() -> service.complete(agent.claim(), wrong(code))))
                    .isEqualTo(Problem.CODE_WRONG);
        }
        service.clock.advance(LINK);

        String renewed = service.auth.revealCode(CALLER, token).code().reveal();

        assertThat(service.complete(agent.claim(), renewed).assertion()).isPresent();
    }

    @Test
    void f02_aRenewalNeverOutlivesTheClaim() {
        Registered.Anonymous agent = service.anonymous();
        service.clock.moveTo(agent.claim().expiresAt().minus(LINK));
        service.startClaim(agent.claim(), ALICE);
        service.reveal();
        service.clock.advance(LINK.minus(TICK));

        assertThat(service.auth.revealCode(CALLER, service.outbox.lastToken()).expiresAt())
                .isEqualTo(agent.claim().expiresAt());
    }

    private static String wrong(String code) {
        return code.equals("000000") ? "000001" : "000000";
    }
}
