package dev.agentauth;

import static dev.agentauth.TestService.ALICE;
import static dev.agentauth.TestService.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.registration.Registration;
import dev.agentauth.spi.User;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Fault 25: erasing a user leaves nothing that still waits for a yes at the user's address. */
class F25_ErasureTest {
    private final TestService service = TestService.start();

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void f25_claimsPendingToTheUsersAddressAreErasedToo() {
        service.user("user_a", "Alice@Example.com");
        Registered.Anonymous anonymous = service.anonymous();
        service.startClaim(anonymous.claim(), ALICE);
        String code = service.reveal();
        Registered.Email byMail = service.email(ALICE);
        String otherCode = service.reveal();
        Registered.StepUp stepUp = service.presentForStepUp("s", ALICE);

        assertThat(service.auth.eraseUser("user_a")).isEqualTo(3);

        for (String id : new String[] {anonymous.registrationId(), byMail.registrationId(), stepUp.registrationId()}) {
            Registration left = service.stored(id);
            assertThat(left.revokedAt()).isNotNull();
            assertThat(left.claim()).isNull();
        }
        assertThat(Refused.problem(() -> service.complete(anonymous.claim(), code)))
                .isEqualTo(Problem.CLAIM_TOKEN_UNKNOWN);
        assertThat(Refused.problem(() -> service.complete(byMail.claim(), otherCode)))
                .isEqualTo(Problem.CLAIM_TOKEN_UNKNOWN);
    }

    @Test
    void f25_whatWaitsForOthersAndWhatOthersOwnStays() {
        service.user("user_a", ALICE);
        service.user("user_b", BOB);
        Registered.Email others = service.email(BOB);
        Registered.Anonymous owned = service.claimedAnonymous(BOB);
        Registered.Anonymous unasked = service.anonymous();
        // Asked first, then somebody else.
        Registered.Anonymous movedOn = service.anonymous();
        service.startClaim(movedOn.claim(), ALICE);
        service.startClaim(movedOn.claim(), BOB);

        assertThat(service.auth.eraseUser("user_a")).isZero();

        for (String id : new String[] {
            others.registrationId(), owned.registrationId(), unasked.registrationId(), movedOn.registrationId()
        }) {
            assertThat(service.stored(id).revokedAt()).isNull();
        }
    }

    @Test
    void f25_userWithoutAnAddressOrWithoutARowIsErasedAsFarAsKnown() {
        service.users.add(User.of("user_a", null));
        Registered.Email waiting = service.email(ALICE);

        assertThat(service.auth.eraseUser("user_a")).isZero();
        assertThat(service.auth.eraseUser("nobody")).isZero();

        assertThat(service.stored(waiting.registrationId()).revokedAt()).isNull();
    }

    @Test
    void f25_nothingIsKeptOfWhoMadeTheUser() {
        Registered.Provider agent = service.presentCleanly("s", ALICE);
        String user = service.stored(agent.registrationId()).userId();

        service.auth.eraseUser(user);

        assertThat(service.origins.isOnProvidersWord(user)).isFalse();
        assertThat(service.present("s", ALICE)).isInstanceOf(Registered.StepUp.class);
    }
}
