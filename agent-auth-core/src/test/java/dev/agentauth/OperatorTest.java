package dev.agentauth;

import static dev.agentauth.TestService.ALICE;
import static dev.agentauth.TestService.BOB;
import static dev.agentauth.TestService.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.agentauth.registration.EndReason;
import dev.agentauth.registration.Registration;
import dev.agentauth.registration.RegistrationKind;
import dev.agentauth.registration.RegistrationStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a service's own operators do. */
class OperatorTest {
    private final TestService service = TestService.start();

    @AfterEach
    void close() {
        service.close();
    }

    private List<String> ids(AgentQuery query) {
        return service.auth.list(query).agents().stream().map(AgentSummary::id).toList();
    }

    @Test
    void registrationsOfAUserAreThoseOwnedAndThoseThatWait() {
        Registered.Anonymous owned = service.claimedAnonymous(ALICE);
        String user = service.stored(owned.registrationId()).userId();
        service.clock.advance(Duration.ofSeconds(1));
        Registered.StepUp waiting = service.presentForStepUp("s", ALICE);
        service.claimedAnonymous(BOB);

        assertThat(ids(AgentQuery.ofUser(user))).containsExactly(waiting.registrationId(), owned.registrationId());
        assertThat(ids(AgentQuery.ofUser("nobody"))).isEmpty();
    }

    @Test
    void summaryOfAnAgentThatNobodyOwnsSaysWhomItAskedAndWhatItMayDo() {
        Registered.Anonymous agent = service.anonymous();
        service.startClaim(agent.claim(), ALICE);

        assertThat(service.auth.registration(agent.registrationId()))
                .contains(new AgentSummary(
                        agent.registrationId(),
                        RegistrationKind.ANONYMOUS,
                        null,
                        null,
                        "a***@example.com",
                        agent.preClaimScopes(),
                        RegistrationStatus.PENDING_CLAIM,
                        START,
                        null,
                        START,
                        null,
                        null,
                        null,
                        null));
        assertThat(service.auth.registration("reg_unknown")).isEmpty();
    }

    @Test
    void summaryFollowsAnAgentFromItsOwnerToItsEnd() {
        Registered.Provider agent = service.presentCleanly("s", ALICE);
        String user = service.stored(agent.registrationId()).userId();
        service.clock.advance(Duration.ofMinutes(1));
        service.presentCleanly("s", ALICE);
        Instant presented = service.clock.instant().truncatedTo(ChronoUnit.SECONDS);

        assertThat(service.auth.registration(agent.registrationId()))
                .contains(new AgentSummary(
                        agent.registrationId(),
                        RegistrationKind.PROVIDER,
                        "Agents of " + service.provider.issuer(),
                        user,
                        null,
                        agent.scopes(),
                        RegistrationStatus.CLAIMED,
                        START,
                        START,
                        presented,
                        null,
                        null,
                        null,
                        null));

        service.clock.advance(Duration.ofMinutes(1));
        service.auth.revokeRegistration(agent.registrationId());

        AgentSummary over = service.auth.registration(agent.registrationId()).orElseThrow();
        assertThat(over.status()).isEqualTo(RegistrationStatus.REVOKED);
        assertThat(over.scopes()).isEmpty();
        assertThat(over.endedAt()).isEqualTo(service.clock.instant());
        assertThat(over.endReason()).isEqualTo(EndReason.OPERATOR);
        assertThat(over.owner()).isEqualTo(user);
    }

    @Test
    void summaryOfAStepUpNamesNoUserAndGivesNoScopes() {
        service.user("user_a", ALICE);
        Registered.StepUp waiting = service.presentForStepUp("s", ALICE);

        AgentSummary summary =
                service.auth.registration(waiting.registrationId()).orElseThrow();

        assertThat(summary.owner()).isNull();
        assertThat(summary.recipient()).isEqualTo("a***@example.com");
        assertThat(summary.scopes()).isEmpty();
        assertThat(summary.lastIssuedAt()).isNull();
        assertThat(summary.toString()).doesNotContain("user_a").doesNotContain(ALICE);
    }

    @Test
    void agentOfASuspendedUserMayDoNothingNow() {
        Registered.Anonymous agent = service.claimedAnonymous(ALICE);
        service.users.setActive(service.stored(agent.registrationId()).userId(), false);

        assertThat(service.auth
                        .registration(agent.registrationId())
                        .orElseThrow()
                        .scopes())
                .isEmpty();
    }

    @Test
    void pagesAreTurnedToTheLastAndShowEachOnceWhateverIsMadeMeanwhile() {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 23; i++) {
            made.add(service.anonymous().registrationId());
            service.clock.advance(Duration.ofSeconds(i % 3));
        }
        List<String> turned = new ArrayList<>();
        AgentQuery query = AgentQuery.all().withLimit(5);
        AgentPage page = service.auth.list(query);
        while (page.next() != null) {
            turned.addAll(page.agents().stream().map(AgentSummary::id).toList());
            assertThat(page.agents()).hasSize(5);
            service.anonymous();
            page = service.auth.list(query.after(page.next()));
        }
        turned.addAll(page.agents().stream().map(AgentSummary::id).toList());

        assertThat(turned).containsExactlyInAnyOrderElementsOf(made);
        assertThat(turned.subList(0, 2))
                .as("made last, at one instant")
                .containsExactlyInAnyOrderElementsOf(made.subList(21, 23));
    }

    @Test
    void pageLooksAtABoundedNumberAndSaysThatMoreFollow() {
        Registered.Anonymous oldest = service.claimedAnonymous(ALICE);
        service.clock.advance(Duration.ofSeconds(1));
        for (int i = 0; i < 500; i++) {
            service.anonymous();
        }
        AgentQuery claimed = AgentQuery.all().withStatus(RegistrationStatus.CLAIMED);

        AgentPage first = service.auth.list(claimed);

        assertThat(first.agents()).isEmpty();
        assertThat(ids(claimed.after(first.next()))).containsExactly(oldest.registrationId());
    }

    @Test
    void pagesOfAUserAreTurnedLikeAnyOther() {
        String user =
                service.stored(service.claimedAnonymous(ALICE).registrationId()).userId();
        service.clock.advance(Duration.ofSeconds(1));
        String newer = service.claimedAnonymous(ALICE).registrationId();
        AgentQuery query = AgentQuery.ofUser(user).withLimit(1);

        AgentPage first = service.auth.list(query);
        AgentPage second = service.auth.list(query.after(first.next()));

        assertThat(first.agents()).extracting(AgentSummary::id).containsExactly(newer);
        assertThat(second.agents()).hasSize(1).extracting(AgentSummary::id).doesNotContain(newer);
        assertThat(second.next()).isNull();
    }

    @Test
    void queryRefusesWhatCannotBeMeant() {
        for (int limit : new int[] {0, -1, 501}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> AgentQuery.all().withLimit(limit))
                    .withMessageContaining("limit");
        }
        for (String after : new String[] {"", "/", "reg_1", "yesterday/reg_1"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> service.auth.list(AgentQuery.all().after(after)))
                    .withMessageContaining("after");
        }
    }

    @Test
    void ownerEndsAnAgentAndNobodyElsesDoes() {
        Registered.Provider agent = service.presentCleanly("s", ALICE);
        String owner = service.stored(agent.registrationId()).userId();
        service.user("user_b", BOB);

        assertThat(service.auth.revokeRegistration(agent.registrationId(), "user_b"))
                .isFalse();
        assertThat(service.auth.revokeRegistration("reg_unknown", owner)).isFalse();
        service.exchange(agent.assertion());
        assertThat(service.auth.revokeRegistration(agent.registrationId(), owner))
                .isTrue();

        assertThat(service.auth.revokeRegistration(agent.registrationId(), owner))
                .isFalse();
        assertThat(Refused.problem(() -> service.exchange(agent.assertion()))).isEqualTo(Problem.ASSERTION_UNUSABLE);
        assertThat(service.auth
                        .registration(agent.registrationId())
                        .orElseThrow()
                        .endReason())
                .isEqualTo(EndReason.PERSON);
        assertThat(service.present("s", ALICE))
                .as("asked again before it is let in")
                .isInstanceOf(Registered.StepUp.class);
    }

    @Test
    void whoIsOnlyAskedOwnsNothingToEnd() {
        service.user("user_a", ALICE);
        Registered.StepUp waiting = service.presentForStepUp("s", ALICE);

        assertThat(service.auth.revokeRegistration(waiting.registrationId(), "user_a"))
                .isFalse();
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
        assertThat(Refused.problem(() -> service.exchange(one.assertion()))).isEqualTo(Problem.ASSERTION_UNUSABLE);
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

        assertThat(service.registrations.findByUser(user)).isEmpty();
        assertThat(service.auth.eraseUser(user)).isZero();
        for (String id : new String[] {owned.registrationId(), waiting.registrationId()}) {
            Registration erased = service.stored(id);
            assertThat(erased.status(START)).isEqualTo(RegistrationStatus.REVOKED);
            assertThat(erased.userId()).isNull();
            assertThat(erased.userBehind()).isNull();
            assertThat(erased.claim()).isNull();
            assertThat(erased.provider()).isNull();
        }
        assertThat(Refused.problem(() -> service.complete(waiting.claim(), code)))
                .isEqualTo(Problem.CLAIM_TOKEN_UNKNOWN);
        assertThat(Refused.problem(() -> service.exchange(owned.assertion()))).isEqualTo(Problem.ASSERTION_UNUSABLE);
        service.exchange(another.assertion());
    }

    @Test
    void erasingFreesTheProviderIdentity() {
        Registered.Provider agent = service.presentCleanly("s", ALICE);
        service.auth.eraseUser(service.stored(agent.registrationId()).userId());

        assertThat(service.present("s", "new@example.com").registrationId()).isNotEqualTo(agent.registrationId());
    }
}
