package dev.agentauth;

import static dev.agentauth.TestService.ALICE;
import static dev.agentauth.TestService.BOB;
import static dev.agentauth.TestService.CALLER;
import static dev.agentauth.TestService.START;
import static dev.agentauth.TestService.TICK;
import static dev.agentauth.TestService.wrong;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.ClaimView.ShownCode;
import dev.agentauth.registration.OneTimeCode;
import dev.agentauth.registration.Registration;
import dev.agentauth.spi.User;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** PROTOCOL A4: reload, back and a restored tab show the code that was shown, or none; only a press mints another. */
class ShownCodeTest {
    private static final Duration CODE = Duration.ofMinutes(10);

    private TestService service = TestService.start();

    @AfterEach
    void stop() {
        service.close();
    }

    private Optional<ShownCode> shown() {
        return ((ClaimView.Open) service.auth.viewClaim(service.outbox.lastToken())).shown();
    }

    @Test
    void viewHasNoCodeBeforeOneWasShown() {
        service.email(ALICE);

        assertThat(shown()).isEmpty();
    }

    @Test
    void viewHasTheCodeThatWasShownAndSinceWhen() {
        Registered.Email agent = service.email(ALICE);
        RevealedCode code = service.auth.revealCode(CALLER, service.outbox.lastToken());
        service.clock.advance(Duration.ofMinutes(3));

        for (int i = 0; i < 3; i++) {
            assertThat(shown()).contains(new ShownCode(START, Optional.of(code)));
        }
        assertThat(service.complete(
                                agent.claim(),
                                shown().orElseThrow()
                                        .code()
                                        .orElseThrow()
                                        .code()
                                        .reveal())
                        .assertion())
                .isPresent();
    }

    @Test
    void viewHasTheNewestCodeAloneOnceAnotherWasShown() {
        service.email(ALICE);
        service.reveal();
        service.clock.advance(Duration.ofMinutes(1));
        RevealedCode second = service.auth.revealCode(CALLER, service.outbox.lastToken());

        assertThat(shown()).contains(new ShownCode(START.plus(Duration.ofMinutes(1)), Optional.of(second)));
    }

    @Test
    void codesThatAreShownAtOneInstantDiffer() {
        service.email(ALICE);
        String token = service.outbox.lastToken();

        long different = java.util.stream.Stream.generate(
                        () -> service.auth.revealCode(CALLER, token).code().reveal())
                .limit(50)
                .distinct()
                .count();

        assertThat(different).isGreaterThan(40);
    }

    @Test
    void viewSaysThatACodeWasShownAndNotWhichOnceItLapsedOrIsVoid() {
        service.close();
        service = TestService.start(builder -> builder.lifetimes(dev.agentauth.config.Lifetimes.standard()
                .withAttempt(CODE.plus(CODE))
                .withCode(CODE)));
        Registered.Email agent = service.email(ALICE);
        String code = service.reveal();
        service.clock.moveTo(START.plus(CODE).minus(TICK));
        assertThat(shown().orElseThrow().code()).isPresent();
        service.clock.advance(TICK);
        assertThat(shown()).contains(new ShownCode(START, Optional.empty()));

        String second = service.reveal();
        for (int i = 0; i < OneTimeCode.MAX_WRONG_GUESSES; i++) {
            assertThat(shown().orElseThrow().code()).isPresent();
            assertThat(Refused.problem(() -> service.complete(agent.claim(), wrong(second))))
                    .isEqualTo(Problem.CODE_WRONG);
        }
        assertThat(shown()).contains(new ShownCode(START.plus(CODE), Optional.empty()));
        assertThat(code).hasSize(6);
    }

    @Test
    void viewTellsNobodyThatAnAgentOfSomebodyElseActsForThem() {
        Registered.Anonymous agent = service.anonymous();
        service.auth.startClaim(CALLER, agent.claim().token().reveal(), ALICE);
        String link = service.outbox.lastToken();
        service.reveal();
        assertThat(service.auth.claimWithIdJag(
                        CALLER,
                        agent.claim().token().reveal(),
                        service.provider.idJag("bob").email(BOB).compact()))
                .isInstanceOf(VouchedClaim.Claimed.class);

        assertThat(service.auth.viewClaim(link)).isEqualTo(new ClaimView.Closed(ClaimView.Reason.ELSEWHERE));
    }

    @Test
    void storeHasNeitherTheCodeNorWhatItFollowsFromAlone() {
        Registered.Email agent = service.email(ALICE);
        String code = service.reveal();

        Registration stored = service.stored(agent.registrationId());
        OneTimeCode kept =
                Objects.requireNonNull(Objects.requireNonNull(stored.attempt()).code());
        OneTimeCode.Shown shown = Objects.requireNonNull(kept.shown());
        assertThat(stored.toString()).doesNotContain(code).doesNotContain(shown.seed());
        assertThat(kept.shownAgain(stored.attempt().id(), "cvt_another", START)).isEmpty();
        assertThat(kept.shownAgain(stored.attempt().id(), service.outbox.lastToken(), START))
                .contains(code);
    }

    @Test
    void underSignInOnlyWhoItWasShownToSeesItAgain() {
        service.close();
        service = TestService.start(builder -> builder.signIn());
        service.users.add(User.of("alice", ALICE));
        service.users.add(User.of("bob", "bob@example.com"));
        Registered.Email agent = service.auth.registerForWhoeverSignsIn(CALLER);
        String link = agent.attempt().link().orElseThrow().reveal();
        String token = link.substring(link.indexOf("token=") + 6);
        RevealedCode code = service.auth.revealCode(CALLER, token, "alice");

        assertThat(((ClaimView.Open) service.auth.viewClaim(token, "alice")).shown())
                .contains(new ShownCode(START, Optional.of(code)));
        assertThat(((ClaimView.Open) service.auth.viewClaim(token, "bob")).shown())
                .contains(new ShownCode(START, Optional.empty()));
    }
}
