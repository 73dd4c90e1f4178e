package dev.agentauth.servlet.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.AgentQuery;
import dev.agentauth.AgentSummary;
import dev.agentauth.registration.Registration;
import dev.agentauth.registration.RegistrationStatus;
import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.User;
import dev.agentauth.testkit.Race;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName(
        "A11. Operators can list the registrations of a user, revoke one, revoke everything at once, and erase a user's data")
final class OperatorTest extends ProtocolTest {
    private static final int THREADS = 64;

    private String userOf(String address) {
        return service().users.findByVerifiedEmail(address).orElseThrow().id();
    }

    private List<AgentSummary> listed(String userId) {
        return service().auth.list(AgentQuery.ofUser(userId)).agents();
    }

    private RegistrationStatus statusOf(Registered agent) {
        return service()
                .registrations
                .findById(agent.id())
                .orElseThrow()
                .status(service().clock.instant());
    }

    private void isDead(Registered agent, String token) {
        client().callApi(token).isCredentialError(401, "invalid_token");
        client().exchange(agent.assertion()).isCredentialError(400, "invalid_grant");
    }

    @Nested
    @DisplayName("list the registrations of a user")
    final class Listing {

        @Test
        void allThatTheUserOwnsAndTheStepUpsThatWaitNewestFirst() {
            Registered anonymous = registerAnonymously();
            claim(anonymous, ADA);
            service().clock.advance(Duration.ofSeconds(1));
            Registered byEmail = registerEmail(ADA);
            completeMailed(byEmail);
            service().clock.advance(Duration.ofSeconds(1));
            Registered waiting = stepUp(idJag());
            claim(registerAnonymously(), BOB);

            assertThat(listed(userOf(ADA)))
                    .extracting(AgentSummary::id)
                    .containsExactly(waiting.id(), byEmail.id(), anonymous.id());
            assertThat(listed(userOf(BOB))).hasSize(1);
        }

        @Test
        void revokedOnesToo() {
            Registered agent = registerIdJag(idJag());
            service().auth.revokeRegistration(agent.id());

            assertThat(listed(userOf(ADA)))
                    .singleElement()
                    .satisfies(found -> assertThat(found.status()).isEqualTo(RegistrationStatus.REVOKED));
        }

        @Test
        void unknownUserHasNone() {
            registerIdJag(idJag());

            assertThat(listed("nobody")).isEmpty();
        }

        @Test
        void printingThemShowsNoSecretAndNoAddress() {
            claim(registerAnonymously(), ADA);
            stepUp(idJag());

            assertThat(Secrets.foundIn(listed(userOf(ADA)).toString())).isEmpty();
            assertThat(Secrets.foundIn(
                            service().registrations.findByUser(userOf(ADA)).toString()))
                    .isEmpty();
        }
    }

    @Nested
    @DisplayName("revoke one")
    final class RevokingOne {

        @Test
        void endsItsTokensAndAssertionsAndNobodyElses() {
            Registered agent = registerAnonymously();
            Registered other = registerAnonymously();
            String token = token(agent.assertion());
            String othersToken = token(other.assertion());

            assertThat(service().auth.revokeRegistration(agent.id())).isTrue();

            isDead(agent, token);
            client().startClaim(agent.claimToken(), ADA).isIdentityError(410, "claim_expired");
            client().callApi(othersToken).hasStatus(200);
            token(other.assertion());
            assertThat(service().audit.of("registration.revoked"))
                    .singleElement()
                    .satisfies(event -> assertThat(event.registrationId()).isEqualTo(agent.id()));
        }

        @Test
        void endsAPendingCeremony() {
            Registered agent = registerAnonymously();
            String link = invite(agent, ADA);
            String code = reveal(link);
            service().auth.revokeRegistration(agent.id());

            client().complete(agent.claimToken(), code).isIdentityError(410, "claim_expired");
            client().challenge(link).isIdentityError(410, "claim_expired");
            assertThat(client().view(link).status()).isEqualTo(410);
        }

        @Test
        void endsTheLinkBetweenProviderAndUser() {
            Registered agent = registerIdJag(idJag());
            service().auth.revokeRegistration(agent.id());

            assertThat(stepUp(idJag()).id()).isNotEqualTo(agent.id());
        }

        @Test
        void secondTimeAndUnknownAreFalseAndNoEvents() {
            Registered agent = registerAnonymously();
            assertThat(service().auth.revokeRegistration(agent.id())).isTrue();

            assertThat(service().auth.revokeRegistration(agent.id())).isFalse();
            assertThat(service().auth.revokeRegistration("reg_unknown")).isFalse();
            assertThat(service().audit.of("registration.revoked")).hasSize(1);
        }

        @Test
        void winsAgainstACompletionThatIsUnderWay() {
            Registered agent = registerAnonymously();
            String code = reveal(invite(agent, ADA));
            service()
                    .wiretap
                    .before(
                            "replace",
                            Wiretap.once(() -> assertThat(service().auth.revokeRegistration(agent.id()))
                                    .isTrue()));

            client().complete(agent.claimToken(), code).isIdentityError(410, "claim_expired");

            assertThat(statusOf(agent)).isEqualTo(RegistrationStatus.REVOKED);
        }
    }

    @Nested
    @DisplayName("revoke everything at once (no compare-and-set in flight may undo it)")
    final class RevokingAll {

        @Test
        void endsEverythingWhateverItsKindAndState() {
            Registered anonymous = registerAnonymously();
            Registered claimed = registerAnonymously();
            claim(claimed, BOB);
            Registered byProvider = registerIdJag(idJag());
            Registered pending = registerEmail("carol@example.com");
            String link = service().mail.newestToken();
            List<Registered> withAssertion = List.of(anonymous, claimed, byProvider);
            List<String> tokens = withAssertion.stream()
                    .map(agent -> token(agent.assertion()))
                    .toList();

            assertThat(service().auth.revokeAllRegistrations()).isEqualTo(4);

            for (int i = 0; i < tokens.size(); i++) {
                isDead(withAssertion.get(i), tokens.get(i));
            }
            client().challenge(link).isIdentityError(410, "claim_expired");
            client().complete(pending.claimToken(), "123456").isIdentityError(410, "claim_expired");
            client().startClaim(anonymous.claimToken(), ADA).isIdentityError(410, "claim_expired");
        }

        @Test
        void isAuditedWithItsCountAndIsIdempotent() {
            registerAnonymously();
            registerAnonymously();
            assertThat(service().auth.revokeAllRegistrations()).isEqualTo(2);
            assertThat(service().audit.newest("registration.revoked").fields()).containsEntry("count", "2");

            assertThat(service().auth.revokeAllRegistrations()).isZero();
        }

        @Test
        void whoRegistersAfterwardsMayAct() {
            registerAnonymously();
            service().auth.revokeAllRegistrations();
            Registered agent = registerAnonymously();

            client().callApi(token(agent.assertion())).hasStatus(200);
        }

        @Test
        @DisplayName("T64: no write of a request in flight undoes it")
        void writesInFlightCannotUndoIt() {
            Registered completing = registerAnonymously();
            String right = reveal(invite(completing, ADA));
            inFlight(completing, () -> client().complete(completing.claimToken(), right));

            Registered guessing = registerAnonymously();
            String wrong = other(reveal(invite(guessing, ADA)));
            inFlight(guessing, () -> client().complete(guessing.claimToken(), wrong));

            Registered asking = registerAnonymously();
            inFlight(asking, () -> client().startClaim(asking.claimToken(), ADA));

            Registered revealing = registerAnonymously();
            String link = invite(revealing, ADA);
            inFlight(revealing, () -> client().challenge(link));

            Registered rejected = registerAnonymously();
            String unwanted = invite(rejected, ADA);
            inFlight(rejected, () -> client().reject(unwanted));

            Registered presenting = registerIdJag(idJag().email("carol@example.com"));
            service().clock.advance(Duration.ofSeconds(1));
            String again = idJag().email("carol@example.com").compact();
            inFlight(presenting, () -> client().registerIdJag(again));
        }

        /** Revokes all between the moment at which a request has read and decided and the one at which it writes. */
        private void inFlight(Registered agent, Runnable request) {
            List<Integer> revoked = new ArrayList<>();
            service()
                    .wiretap
                    .before(
                            "replace",
                            Wiretap.once(() -> revoked.add(service().auth.revokeAllRegistrations())));
            request.run();
            service().wiretap.up();

            assertThat(revoked).as("the request was about to write").hasSize(1);
            assertThat(statusOf(agent)).isEqualTo(RegistrationStatus.REVOKED);
            client().exchange(agent.assertion()).isCredentialError(400, "invalid_grant");
        }

        @Test
        @DisplayName("T64: race of 63 completions with one revocation of all")
        void raceLeavesNothingAlive() {
            List<Registered> agents = new ArrayList<>();
            List<Callable<Answer>> tasks = new ArrayList<>();
            for (int i = 0; i < THREADS - 1; i++) {
                Registered agent = registerAnonymously();
                String code = reveal(invite(agent, "person" + i + "@example.com"));
                agents.add(agent);
                tasks.add(() -> client().complete(agent.claimToken(), code));
            }
            tasks.add(20, () -> {
                service().auth.revokeAllRegistrations();
                return client().get("/auth.md");
            });

            for (Answer answer : Race.run(tasks)) {
                assertThat(answer.status()).as("%s", answer).isIn(200, 410);
            }
            assertThat(agents).extracting(OperatorTest.this::statusOf).containsOnly(RegistrationStatus.REVOKED);
            for (Registered agent : agents) {
                client().exchange(agent.assertion()).isCredentialError(400, "invalid_grant");
            }
        }
    }

    @Nested
    @DisplayName("erase a user's data")
    final class Erasing {

        @Test
        void endsWhatTheUserOwnsAndForgetsWhomItWasAbout() {
            Registered agent = registerIdJag(idJag().subject("s-7"));
            Registered anonymous = registerAnonymously();
            claim(anonymous, ADA);
            completeMailed(stepUp(idJag().subject("s-8")));
            String token = token(anonymous.assertion());
            String user = userOf(ADA);
            Registered stranger = registerAnonymously();
            claim(stranger, BOB);

            int erased = service().auth.eraseUser(user);

            assertThat(erased).isEqualTo(3);
            assertThat(service().registrations.findByUser(user)).isEmpty();
            isDead(anonymous, token);
            client().exchange(agent.assertion()).isCredentialError(400, "invalid_grant");
            for (Registered each : List.of(agent, anonymous)) {
                Registration left = service().registrations.findById(each.id()).orElseThrow();
                assertThat(left.userId()).isNull();
                assertThat(left.provider()).isNull();
                assertThat(left.claim()).isNull();
                assertThat(left.userBehind()).isNull();
                assertThat(left.status(service().clock.instant())).isEqualTo(RegistrationStatus.REVOKED);
            }
            client().callApi(token(stranger.assertion())).hasStatus(200);
            assertThat(service().audit.of("registration.revoked"))
                    .extracting(AuditEvent::registrationId)
                    .contains(agent.id(), anonymous.id());
        }

        @Test
        void endsStepUpsThatWaitForTheUser() {
            service().users.add(User.of("u1", ADA));
            Registered waiting = stepUp(idJag());
            String link = service().mail.newestToken();
            assertThat(service().auth.eraseUser("u1")).isEqualTo(1);

            client().challenge(link).isIdentityError(410, "claim_superseded");
            client().complete(waiting.claimToken(), "123456").isIdentityError(401, "invalid_claim_token");
        }

        @Test
        void providerIdentityIsFreeAgain() {
            Registered agent = registerIdJag(idJag());
            service().auth.eraseUser(userOf(ADA));

            assertThat(stepUp(idJag()).id()).isNotEqualTo(agent.id());
        }

        @Test
        void unknownUserAndSecondTimeEraseNothing() {
            registerIdJag(idJag());
            String user = userOf(ADA);
            assertThat(service().auth.eraseUser("nobody")).isZero();
            assertThat(service().auth.eraseUser(user)).isEqualTo(1);

            assertThat(service().auth.eraseUser(user)).isZero();
        }
    }
}
