package dev.agentauth.servlet.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.spi.User;
import dev.agentauth.testkit.FakeProvider;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What races find by chance, planted: while one request stands right before or right behind a call to a store, another
 * one runs from start to end.
 */
@DisplayName("Interleavings: a second request runs at the worst moment of the first")
final class InterleavingsTest extends ProtocolTest {

    /** Runs a request when a store's method is next called; what it answered is there afterwards. */
    private AtomicReference<Answer> meanwhile(String moment, String method, Callable<Answer> request) {
        AtomicReference<Answer> answer = new AtomicReference<>();
        Runnable once = Wiretap.once(() -> {
            try {
                answer.set(request.call());
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        if (moment.equals("before")) {
            service().wiretap.before(method, once);
        } else {
            service().wiretap.after(method, once);
        }
        return answer;
    }

    private String userOf(String assertion) {
        return client().callApi(token(assertion)).hasStatus(200).string("user_id");
    }

    @Nested
    @DisplayName("A4: one registration, two requests")
    final class Claims {

        @Test
        @DisplayName("a completion that another one overtakes: one 200, one 409")
        void completionOvertakenByACompletion() {
            Registered agent = registerAnonymously();
            String code = reveal(invite(agent, ADA));
            AtomicReference<Answer> other =
                    meanwhile("before", "replace", () -> client().complete(agent.claimToken(), code));

            client().complete(agent.claimToken(), code).isIdentityError(409, "previously_claimed");
            other.get().hasStatus(200);
            assertThat(service().audit.of("claim.confirmed")).hasSize(1);
        }

        @Test
        @DisplayName("a completion that this wasn't me overtakes: claim_rejected, and nothing is bound")
        void completionOvertakenByARejection() {
            Registered agent = registerAnonymously();
            String link = invite(agent, ADA);
            String code = reveal(link);
            AtomicReference<Answer> rejection = meanwhile("before", "replace", () -> client().reject(link));

            client().complete(agent.claimToken(), code).isIdentityError(403, "claim_rejected");
            rejection.get().hasStatus(200);
            assertThat(client().exchange(agent.assertion()).string("scope")).isEqualTo(ProtocolService.READ);
        }

        @Test
        @DisplayName("a completion that a newer code overtakes: the older code is dead")
        void completionOvertakenByANewCode() {
            Registered agent = registerAnonymously();
            String link = invite(agent, ADA);
            String code = reveal(link);
            AtomicReference<Answer> revealed = meanwhile("before", "replace", () -> client().challenge(link));

            Answer answer = client().complete(agent.claimToken(), code);

            if (!revealed.get().string("challenge").equals(code)) {
                answer.isIdentityError(401, "otp_invalid");
            }
        }

        @Test
        @DisplayName("T26: a code that a newer attempt overtakes is superseded")
        void codeOvertakenByAnotherAttempt() {
            Registered agent = registerAnonymously();
            String link = invite(agent, ADA);
            AtomicReference<Answer> started =
                    meanwhile("before", "replace", () -> client().startClaim(agent.claimToken(), BOB));

            client().challenge(link).isIdentityError(410, "claim_superseded");
            started.get().hasStatus(200);
            client().complete(agent.claimToken(), reveal(service().mail.newestToken()))
                    .hasStatus(200);
        }

        @Test
        @DisplayName("T27: a guess that five others overtake finds the code void, right or wrong")
        void guessOvertakenByFive() {
            Registered agent = registerAnonymously();
            String code = reveal(invite(agent, ADA));
            meanwhile("before", "replace", () -> {
                guessWrongly(agent, code, 5);
                return null;
            });

            client().complete(agent.claimToken(), code).isIdentityError(410, "otp_expired");
            assertThat(service().audit.of("otp.failed")).hasSize(5);
        }

        @Test
        @DisplayName("T64: a completion that revoke-everything overtakes does not undo it")
        void completionOvertakenByRevokeAll() {
            Registered agent = registerAnonymously();
            String code = reveal(invite(agent, ADA));
            meanwhile("before", "replace", () -> {
                service().auth.revokeAllRegistrations();
                return null;
            });

            client().complete(agent.claimToken(), code).isIdentityError(410, "claim_expired");
            client().exchange(agent.assertion()).isCredentialError(400, "invalid_grant");
        }

        @Test
        @DisplayName("a claim that the same claim overtakes sends no second mail")
        void claimOvertakenByTheSame() {
            Registered agent = registerAnonymously();
            AtomicReference<Answer> other =
                    meanwhile("before", "replace", () -> client().startClaim(agent.claimToken(), ADA));

            Answer answer = client().startClaim(agent.claimToken(), ADA).hasStatus(200);

            assertThat(answer.string("claim_attempt_id")).isEqualTo(other.get().string("claim_attempt_id"));
            assertThat(answer.string("expires_at")).isEqualTo(other.get().string("expires_at"));
            assertThat(service().mail.links()).hasSize(1);
        }
    }

    @Nested
    @DisplayName("A5, A6: a token that is issued while its registration ends is never accepted")
    final class Tokens {

        @ParameterizedTest
        @ValueSource(strings = {"before", "after"})
        void exchangeOvertakenByARevocation(String moment) {
            Registered agent = registerAnonymously();
            AtomicReference<Boolean> revoked = new AtomicReference<>();
            meanwhile(moment, "insert", () -> {
                revoked.set(service().auth.revokeRegistration(agent.id()));
                return null;
            });

            Answer answer = client().exchange(agent.assertion());

            assertThat(revoked.get()).isTrue();
            if (answer.status() == 200) {
                client().callApi(answer.string("access_token")).isCredentialError(401, "invalid_token");
            } else {
                answer.isCredentialError(400, "invalid_grant");
            }
        }
    }

    @Nested
    @DisplayName(
            "A7, T60: a presentation writes its registration, then reads the mark again, and if its iat ≤ the mark revokes what it wrote")
    final class Logouts {

        @ParameterizedTest
        @CsvSource({"before,insert", "after,insert", "before,replace", "after,replace", "before,create", "after,create"
        })
        void presentationOvertakenByALogout(String moment, String method) {
            if (method.equals("replace")) {
                registerIdJag(idJag().issuedAt(ProtocolService.START.minusSeconds(10)));
            }
            String logout = logoutOf("person-1").compact();
            AtomicReference<Answer> done = meanwhile(moment, method, () -> client().logout(logout));

            client().registerIdJag(idJag().compact()).isIdentityError(400, "expired");

            done.get().hasStatus(200);
            assertThat(service()
                            .registrations
                            .findByProviderInAnyTenant(new ProviderIdentity(
                                    provider().issuer(),
                                    null,
                                    "person-1",
                                    service().issuer())))
                    .isEmpty();
        }

        @Test
        @DisplayName("a step-up that is overtaken leaves no link that leads on")
        void stepUpOvertakenByALogout() {
            service().users.add(User.of("u1", ADA));
            String logout = logoutOf("person-1").compact();
            meanwhile("before", "insert", () -> client().logout(logout));

            client().registerIdJag(idJag().compact()).isIdentityError(400, "expired");

            service()
                    .mail
                    .links()
                    .forEach(
                            mail -> client().view(RecordingMailer.tokenOf(mail)).hasStatus(410));
        }

        @Test
        @DisplayName("a step-up that is completed while the logout comes ends either way")
        void stepUpCompletedWhileALogoutComes() {
            service().users.add(User.of("u1", ADA));
            Registered agent = stepUp(idJag());
            String code = reveal(service().mail.newestToken());
            String logout = logoutOf("person-1").compact();
            AtomicReference<Answer> done = meanwhile("before", "replace", () -> client().logout(logout));

            client().complete(agent.claimToken(), code).isIdentityError(410, "claim_expired");
            done.get().hasStatus(200);
        }
    }

    @Nested
    @DisplayName("A9: no race may bind two parties to one user, and every call with one key yields the same user")
    final class Users {

        @ParameterizedTest
        @CsvSource({"before,create", "after,create"})
        @DisplayName(
                "A9: a presentation that another one of the same identity finds making the user: it waits, 503, and is then that user")
        void presentationThatFindsItsUserHalfMade(String moment, String method) {
            String second = idJag().compact();
            AtomicReference<Answer> other = meanwhile(moment, method, () -> client().registerIdJag(second));

            Registered one =
                    Registered.of(client().registerIdJag(idJag().compact()).hasStatus(200));

            other.get().isIdentityError(503, "temporarily_unavailable");
            Registered two = registerIdJag(idJag());
            assertThat(two.id()).isEqualTo(one.id());
            assertThat(userOf(two.assertion())).isEqualTo(userOf(one.assertion()));
        }

        @ParameterizedTest
        @CsvSource({"before,reserve", "after,record", "before,insert", "after,insert"})
        @DisplayName(
                "A3, A9: a first presentation that another one of the same identity overtakes: one registration, one user, both clean")
        void firstPresentationOvertakenByASecond(String moment, String method) {
            String second = idJag().compact();
            AtomicReference<Answer> other = meanwhile(moment, method, () -> client().registerIdJag(second));

            Registered one =
                    Registered.of(client().registerIdJag(idJag().compact()).hasStatus(200));

            Registered two = Registered.of(other.get().hasStatus(200));
            assertThat(two.id()).isEqualTo(one.id());
            assertThat(userOf(two.assertion())).isEqualTo(userOf(one.assertion()));
        }

        @ParameterizedTest
        @CsvSource({"before,create", "after,create", "after,insert"})
        @DisplayName(
                "T57: a first presentation that another provider's overtakes with the same address: one is clean, one has to be confirmed")
        void firstPresentationOvertakenByAnotherProvider(String moment, String method) {
            FakeProvider second = closing(service().anotherProvider());
            String others = second.idJag(service().issuer()).compact();
            AtomicReference<Answer> other = meanwhile(moment, method, () -> client().registerIdJag(others));

            Answer one = client().registerIdJag(idJag().compact());

            boolean firstIsClean = one.status() == 200;
            Answer clean = firstIsClean ? one : other.get().hasStatus(200);
            (firstIsClean ? other.get() : one).isInteractionRequired();
            client().exchange(clean.string("identity_assertion")).hasStatus(200);
        }

        @Test
        @DisplayName("T58: a mailed claim whose address is taken meanwhile proves it, and ends what was prepared")
        void mailedClaimOvertakenByAPresentation() {
            Registered agent = registerAnonymously();
            String code = reveal(invite(agent, ADA));
            String prepared = idJag().compact();
            AtomicReference<Answer> other = meanwhile("before", "create", () -> client().registerIdJag(prepared));

            client().complete(agent.claimToken(), code).hasStatus(200);

            client().exchange(other.get().hasStatus(200).string("identity_assertion"))
                    .isCredentialError(400, "invalid_grant");
            client().exchange(agent.assertion(), "scope", ProtocolService.ADMIN).hasStatus(200);
        }

        @ParameterizedTest
        @CsvSource({"before,create", "after,create", "before,insert", "after,insert"})
        @DisplayName("T58: a presentation during which the owner proves the address gets nothing that works")
        void presentationOvertakenByTheOwner(String moment, String method) {
            Registered owner = registerAnonymously();
            String code = reveal(invite(owner, ADA));
            String prepared = idJag().compact();
            AtomicReference<Answer> proved =
                    meanwhile(moment, method, () -> client().complete(owner.claimToken(), code));

            Answer answer = client().registerIdJag(prepared);

            proved.get().hasStatus(200);
            if (answer.status() == 200) {
                client().exchange(answer.string("identity_assertion")).isCredentialError(400, "invalid_grant");
            } else {
                answer.isInteractionRequired();
            }
            client().exchange(owner.assertion(), "scope", ProtocolService.ADMIN).hasStatus(200);
            service().clock.advance(Duration.ofSeconds(1));
            client().registerIdJag(idJag().compact()).isInteractionRequired();
        }
    }
}
