package dev.agentauth;

import static dev.agentauth.TestService.ALICE;
import static dev.agentauth.TestService.BOB;
import static dev.agentauth.TestService.START;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.registration.Registration;
import dev.agentauth.registration.RegistrationStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a service's own operators do. */
class OperatorTest {
    private final TestService service = TestService.start();

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void registrationsOfAUserAreThoseOwnedAndThoseThatWait() {
        Registered.Anonymous owned = service.claimedAnonymous(ALICE);
        String user = service.stored(owned.registrationId()).userId();
        service.clock.advance(java.time.Duration.ofSeconds(1));
        Registered.StepUp waiting = service.presentForStepUp("s", ALICE);
        service.claimedAnonymous(BOB);

        assertThat(service.auth.registrationsOf(user))
                .extracting(Registration::id)
                .containsExactly(owned.registrationId(), waiting.registrationId());
        assertThat(service.auth.registrationsOf("nobody")).isEmpty();
    }

    @Test
    void revokingEndsOnceAndSaysWhether() {
        Registered.Anonymous agent = service.anonymous();

        assertThat(service.auth.revokeRegistration("reg_unknown")).isFalse();
        assertThat(service.auth.revokeRegistration(agent.registrationId())).isTrue();
        assertThat(service.auth.revokeRegistration(agent.registrationId())).isFalse();
        assertThat(service.stored(agent.registrationId()).status(START)).isEqualTo(RegistrationStatus.REVOKED);
    }

    @Test
    void revokingEverythingEndsEverything() {
        Registered.Anonymous one = service.claimedAnonymous(ALICE);
        Registered.Provider two = service.presentCleanly("s", BOB);
        IssuedToken token = service.exchange(two.assertion());

        assertThat(service.auth.revokeAllRegistrations()).isEqualTo(2);

        assertThat(service.scopesOf(token)).isNull();
        assertThat(Refused.code(() -> service.exchange(one.assertion()))).isEqualTo(ErrorCode.INVALID_GRANT);
        assertThat(service.auth.revokeAllRegistrations()).isZero();
    }

    @Test
    void erasingForgetsWhomEveryRegistrationOfAUserWasAbout() {
        Registered.Anonymous owned = service.claimedAnonymous(ALICE);
        String user = service.stored(owned.registrationId()).userId();
        Registered.StepUp waiting = service.presentForStepUp("s", ALICE);
        String code = service.reveal();
        Registered.Provider another = service.presentCleanly("t", BOB);

        assertThat(service.auth.eraseUser(user)).isEqualTo(2);

        assertThat(service.auth.registrationsOf(user)).isEmpty();
        assertThat(service.auth.eraseUser(user)).isZero();
        for (String id : new String[] {owned.registrationId(), waiting.registrationId()}) {
            Registration erased = service.stored(id);
            assertThat(erased.status(START)).isEqualTo(RegistrationStatus.REVOKED);
            assertThat(erased.userId()).isNull();
            assertThat(erased.stepUpUserId()).isNull();
            assertThat(erased.claim()).isNull();
            assertThat(erased.provider()).isNull();
        }
        assertThat(Refused.code(() -> service.complete(waiting.claim(), code)))
                .isEqualTo(ErrorCode.INVALID_CLAIM_TOKEN);
        assertThat(Refused.code(() -> service.exchange(owned.assertion()))).isEqualTo(ErrorCode.INVALID_GRANT);
        service.exchange(another.assertion());
    }

    @Test
    void erasingFreesTheProviderIdentity() {
        Registered.Provider agent = service.presentCleanly("s", ALICE);
        service.auth.eraseUser(service.stored(agent.registrationId()).userId());

        assertThat(service.present("s", "new@example.com").registrationId()).isNotEqualTo(agent.registrationId());
    }
}
