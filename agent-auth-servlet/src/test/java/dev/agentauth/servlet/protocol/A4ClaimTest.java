package dev.agentauth.servlet.protocol;

import static dev.agentauth.servlet.protocol.Client.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentauth.SecretHash;
import dev.agentauth.config.AnonymousClaim;
import dev.agentauth.config.NewUserPolicy;
import dev.agentauth.registration.Attempt;
import dev.agentauth.spi.User;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A4. The claim ceremony (mailed code)")
final class A4ClaimTest extends ProtocolTest {
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

    private void advance(Duration amount) {
        service().clock.advance(amount);
    }

    /** Reveals and spoils codes until 20 wrong guesses have been counted. */
    private String guessOut(Registered agent, String link) {
        String code = "";
        for (int i = 0; i < 4; i++) {
            code = reveal(link);
            guessWrongly(agent, code, 5);
        }
        return code;
    }

    @Nested
    @DisplayName("POST /agent/identity/claim {claim_token, email}")
    final class Start {

        @Test
        @DisplayName("→ registration_id, claim_attempt_id (cla_…), status: initiated, expires_at")
        void answer() {
            Registered agent = registerAnonymously();
            Answer answer = client().startClaim(agent.claimToken(), ADA)
                    .isOkWith(
                            "registration_id",
                            "claim_attempt_id",
                            "status",
                            "expires_at",
                            "id",
                            "type",
                            "attempt",
                            "claim_attempt");

            assertThat(answer.string("registration_id")).isEqualTo(agent.id());
            assertThat(answer.string("claim_attempt_id")).startsWith("cla_");
            assertThat(answer.string("status")).isEqualTo("initiated");
            assertThat(answer.time("expires_at")).isEqualTo(ProtocolService.START.plus(TEN_MINUTES));
        }

        @Test
        @DisplayName("mails the link <base>/agent/identity/claim/view?token=<attempt token>")
        void mailsTheLink() {
            Registered agent = registerAnonymously();
            client().startClaim(agent.claimToken(), "Ada@Example.COM").hasStatus(200);

            assertThat(service().mail.links()).singleElement().satisfies(mail -> {
                assertThat(mail.recipient()).isEqualTo(ADA);
                assertThat(mail.link())
                        .matches(java.util.regex.Pattern.quote(service().issuer() + "/agent/identity/claim/view?token=")
                                + "cvt_[A-Za-z0-9_-]{32}");
                assertThat(mail.serviceName()).isEqualTo(ProtocolService.NAME);
                assertThat(mail.registrationId()).isEqualTo(agent.id());
                assertThat(mail.scopes())
                        .containsExactly(ProtocolService.READ, ProtocolService.WRITE, ProtocolService.ADMIN);
                assertThat(mail.requestedAt()).isEqualTo(ProtocolService.START);
                assertThat(mail.linkExpiresAt()).isEqualTo(ProtocolService.START.plus(TEN_MINUTES));
            });
            client().view(service().mail.newestToken()).hasStatus(200);
        }

        @ParameterizedTest
        @ValueSource(strings = {ADA, "Ada@Example.com"})
        @DisplayName("the same address again while the attempt is open: the same answer, no second mail")
        void sameAddressAgain(String again) {
            Registered agent = registerAnonymously();
            Answer first = client().startClaim(agent.claimToken(), ADA).hasStatus(200);
            advance(TEN_MINUTES.minusMillis(1));
            Answer second = client().startClaim(agent.claimToken(), again).hasStatus(200);

            assertThat(untyped(second)).isEqualTo(untyped(first));
            assertThat(service().mail.links()).hasSize(1);
        }

        /** Without what B3 adds, which is fresh in each answer. */
        private JsonNode untyped(Answer answer) {
            return ((ObjectNode) answer.json()).without("claim_attempt");
        }

        @Test
        @DisplayName("… no limit consumed")
        void sameAddressAgainConsumesNoLimit() {
            startService(ProtocolService.Options::limited);
            Registered agent = registerAnonymously();
            for (int i = 0; i < 20; i++) {
                client().startClaim(agent.claimToken(), ADA).hasStatus(200);
            }
            for (int i = 0; i < 4; i++) {
                client().startClaim(registerAnonymously().claimToken(), ADA).hasStatus(200);
            }
            // The client's own limit of five anonymous registrations is spent, so the sixth mail is another attempt.
            advance(TEN_MINUTES);
            client().startClaim(agent.claimToken(), ADA).isIdentityError(429, "rate_limited");
        }

        @Test
        @DisplayName("… also when a code has been revealed: the link and its code stay")
        void sameAddressAgainKeepsTheCode() {
            Registered agent = registerAnonymously();
            String code = reveal(invite(agent, ADA));
            client().startClaim(agent.claimToken(), ADA).hasStatus(200);

            client().complete(agent.claimToken(), code).hasStatus(200);
        }

        @Test
        @DisplayName("if the mail was refused, a repeat mints and mails anew")
        void refusedMailIsRepeated() {
            Registered agent = registerAnonymously();
            service().mail.down(true);
            client().startClaim(agent.claimToken(), ADA).isIdentityError(503, "temporarily_unavailable");
            client().startClaim(agent.claimToken(), ADA).isIdentityError(503, "temporarily_unavailable");
            service().mail.down(false);
            client().startClaim(agent.claimToken(), ADA).hasStatus(200);

            assertThat(service().mail.links()).hasSize(1);
            client().view(service().mail.newestToken()).hasStatus(200);
        }

        @Test
        @DisplayName("another address: a fresh attempt; the old link and any code from it are dead (claim_superseded)")
        void anotherAddress() {
            Registered agent = registerAnonymously();
            Answer first = client().startClaim(agent.claimToken(), ADA);
            String oldLink = service().mail.newestToken();
            String oldCode = reveal(oldLink);
            Answer second = client().startClaim(agent.claimToken(), BOB).hasStatus(200);
            String newLink = service().mail.newestToken();

            assertThat(second.string("claim_attempt_id")).isNotEqualTo(first.string("claim_attempt_id"));
            assertThat(service().mail.links()).hasSize(2);
            assertThat(service().mail.newest().recipient()).isEqualTo(BOB);
            client().challenge(oldLink).isIdentityError(410, "claim_superseded");
            client().reject(oldLink).isIdentityError(410, "claim_superseded");
            client().view(oldLink).hasStatus(404);
            client().complete(agent.claimToken(), oldCode).isIdentityError(400, "otp_not_generated");
            client().complete(agent.claimToken(), reveal(newLink)).hasStatus(200);
        }

        @Test
        @DisplayName("a lapsed attempt: a fresh attempt for the same address too")
        void lapsedAttempt() {
            Registered agent = registerAnonymously();
            Answer first = client().startClaim(agent.claimToken(), ADA);
            String oldLink = service().mail.newestToken();
            String oldCode = reveal(oldLink);
            advance(TEN_MINUTES);
            Answer second = client().startClaim(agent.claimToken(), ADA).hasStatus(200);

            assertThat(second.string("claim_attempt_id")).isNotEqualTo(first.string("claim_attempt_id"));
            assertThat(second.time("expires_at")).isEqualTo(ProtocolService.START.plus(TEN_MINUTES.multipliedBy(2)));
            client().challenge(oldLink).isIdentityError(410, "claim_superseded");
            client().complete(agent.claimToken(), oldCode).isIdentityError(400, "otp_not_generated");
            client().complete(agent.claimToken(), reveal(service().mail.newestToken()))
                    .hasStatus(200);
        }
    }

    @Nested
    @DisplayName("Errors of /agent/identity/claim")
    final class StartErrors {

        @ParameterizedTest
        @ValueSource(strings = {"clm_unknown", "x", "at_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", " ", "clm_\u00e4"})
        @DisplayName("401 invalid_claim_token")
        void unknownToken(String token) {
            client().startClaim(token, ADA).isIdentityError(401, "invalid_claim_token");
        }

        @Test
        @DisplayName("409 claimed_or_in_flight: claimed")
        void claimed() {
            Registered agent = registerAnonymously();
            claim(agent, ADA);

            client().startClaim(agent.claimToken(), ADA).isIdentityError(409, "claimed_or_in_flight");
            client().startClaim(agent.claimToken(), BOB).isIdentityError(409, "claimed_or_in_flight");
        }

        @Test
        @DisplayName("409 claimed_or_in_flight: not anonymous")
        void notAnonymous() {
            Registered email = registerEmail(BOB);
            service().users.add(User.of("u1", ADA));
            Registered stepUp = stepUp(idJag());

            client().startClaim(email.claimToken(), "eve@example.com").isIdentityError(409, "claimed_or_in_flight");
            client().startClaim(stepUp.claimToken(), ADA).isIdentityError(409, "claimed_or_in_flight");
            assertThat(service().mail.links()).hasSize(2);
        }

        @Test
        @DisplayName("410 claim_expired: expired")
        void expired() {
            Registered agent = registerAnonymously();
            advance(Duration.ofHours(24));

            client().startClaim(agent.claimToken(), ADA).isIdentityError(410, "claim_expired");
        }

        @Test
        @DisplayName("410 claim_expired: revoked")
        void revoked() {
            Registered agent = registerAnonymously();
            service().auth.revokeRegistration(agent.id());

            client().startClaim(agent.claimToken(), ADA).isIdentityError(410, "claim_expired");
        }

        @Test
        @DisplayName("410 claim_expired: guessed out")
        void guessedOut() {
            Registered agent = registerAnonymously();
            guessOut(agent, invite(agent, ADA));

            client().startClaim(agent.claimToken(), ADA).isIdentityError(410, "claim_expired");
            client().startClaim(agent.claimToken(), BOB).isIdentityError(410, "claim_expired");
        }

        @Test
        @DisplayName("403 claim_rejected: that address said no; another may be tried")
        void rejected() {
            Registered agent = registerAnonymously();
            client().reject(invite(agent, ADA)).hasStatus(200);

            client().startClaim(agent.claimToken(), ADA).isIdentityError(403, "claim_rejected");
            client().startClaim(agent.claimToken(), "ADA@example.com").isIdentityError(403, "claim_rejected");
            claim(agent, BOB);
        }

        @Test
        @DisplayName("… and it stays said when another address was asked in between")
        void rejectionIsRemembered() {
            Registered agent = registerAnonymously();
            client().reject(invite(agent, ADA)).hasStatus(200);
            invite(agent, BOB);

            client().startClaim(agent.claimToken(), ADA).isIdentityError(403, "claim_rejected");
            client().complete(agent.claimToken(), reveal(service().mail.newestToken()))
                    .hasStatus(200);
        }

        @Test
        @DisplayName("429 rate_limited with Retry-After")
        void rateLimited() {
            startService(ProtocolService.Options::limited);
            Registered agent = registerAnonymously();
            for (int i = 0; i < 5; i++) {
                client().startClaim(agent.claimToken(), ADA).hasStatus(200);
                advance(TEN_MINUTES);
            }

            client().startClaim(agent.claimToken(), ADA).isIdentityError(429, "rate_limited");
            client().startClaim(agent.claimToken(), BOB).hasStatus(200);
        }
    }

    @Nested
    @DisplayName("POST …/claim/attempt/challenge {claim_attempt_token}")
    final class Challenge {

        @Test
        @DisplayName("mints the code → {type: otp, challenge, expires_at}")
        void answer() {
            String link = invite(registerAnonymously(), ADA);
            Answer answer = client().challenge(link)
                    .isOkWith("type", "challenge", "expires_at")
                    .isNotStored();

            assertThat(answer.string("type")).isEqualTo("otp");
            assertThat(answer.string("challenge")).matches("[0-9]{6}");
            assertThat(answer.time("expires_at")).isEqualTo(ProtocolService.START.plus(TEN_MINUTES));
        }

        @Test
        @DisplayName("… voiding any earlier one")
        void newCodeVoidsTheEarlierOne() {
            Registered agent = registerAnonymously();
            String link = invite(agent, ADA);
            String first = reveal(link);
            String second = reveal(link);
            while (second.equals(first)) {
                second = reveal(link);
            }

            client().complete(agent.claimToken(), first).isIdentityError(401, "otp_invalid");
            client().complete(agent.claimToken(), second).hasStatus(200);
        }

        @ParameterizedTest
        @ValueSource(strings = {"cvt_unknown", "x", "clm_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
        @DisplayName("410 claim_superseded (unknown or replaced token)")
        void unknownToken(String token) {
            client().challenge(token).isIdentityError(410, "claim_superseded");
        }

        @Test
        @DisplayName("409 claim_completed")
        void completed() {
            Registered agent = registerAnonymously();
            String link = invite(agent, ADA);
            client().complete(agent.claimToken(), reveal(link)).hasStatus(200);

            client().challenge(link).isIdentityError(409, "claim_completed");
        }

        @Test
        @DisplayName("410 claim_expired: lapsed, expired, revoked, guessed out")
        void expired() {
            Registered lapsed = registerAnonymously();
            String lapsedLink = invite(lapsed, ADA);
            advance(TEN_MINUTES);
            client().challenge(lapsedLink).isIdentityError(410, "claim_expired");

            Registered revoked = registerAnonymously();
            String revokedLink = invite(revoked, ADA);
            service().auth.revokeRegistration(revoked.id());
            client().challenge(revokedLink).isIdentityError(410, "claim_expired");

            Registered guessedOut = registerAnonymously();
            String guessedOutLink = invite(guessedOut, ADA);
            guessOut(guessedOut, guessedOutLink);
            client().challenge(guessedOutLink).isIdentityError(410, "claim_expired");

            String expiredLink = invite(registerAnonymously(), ADA);
            advance(Duration.ofHours(24));
            client().challenge(expiredLink).isIdentityError(410, "claim_expired");
        }

        @Test
        @DisplayName("403 claim_rejected")
        void rejected() {
            String link = invite(registerAnonymously(), ADA);
            client().reject(link).hasStatus(200);

            client().challenge(link).isIdentityError(403, "claim_rejected");
        }
    }

    @Nested
    @DisplayName("POST …/claim/attempt/reject {claim_attempt_token} (\"this wasn't me\")")
    final class Reject {

        @Test
        @DisplayName("→ 200 {status: rejected}")
        void answer() {
            Answer answer = client().reject(invite(registerAnonymously(), ADA)).isOkWith("status");

            assertThat(answer.string("status")).isEqualTo("rejected");
        }

        @Test
        @DisplayName("an e-mail registration thereby ends (revoked; /complete keeps answering 403 claim_rejected)")
        void emailRegistrationEnds() {
            Registered agent = registerEmail(ADA);
            String link = service().mail.newestToken();
            String code = reveal(link);
            client().reject(link).hasStatus(200);

            client().complete(agent.claimToken(), code).isIdentityError(403, "claim_rejected");
            client().complete(agent.claimToken(), other(code)).isIdentityError(403, "claim_rejected");
            client().challenge(link).isIdentityError(403, "claim_rejected");
            assertThat(service().audit.newest("registration.revoked").registrationId())
                    .isEqualTo(agent.id());
        }

        @Test
        @DisplayName("a step-up registration thereby ends; presenting again makes a new one")
        void stepUpEnds() {
            service().users.add(User.of("u1", ADA));
            Registered agent = stepUp(idJag());
            String link = service().mail.newestToken();
            String code = reveal(link);
            client().reject(link).hasStatus(200);

            client().complete(agent.claimToken(), code).isIdentityError(403, "claim_rejected");
            advance(Duration.ofSeconds(1));
            assertThat(stepUp(idJag()).id()).isNotEqualTo(agent.id());
        }

        @Test
        @DisplayName("an anonymous one goes on unclaimed, and that address is not mailed for it again")
        void anonymousOneGoesOn() {
            Registered agent = registerAnonymously();
            String token = token(agent.assertion());
            String link = invite(agent, ADA);
            String code = reveal(link);
            client().reject(link).hasStatus(200);

            client().callApi(token).hasStatus(200);
            client().exchange(agent.assertion()).hasStatus(200);
            client().complete(agent.claimToken(), code).isIdentityError(403, "claim_rejected");
            client().startClaim(agent.claimToken(), ADA).isIdentityError(403, "claim_rejected");
            assertThat(service().mail.links()).hasSize(1);
        }

        @Test
        @DisplayName("an address that said no may be mailed for another registration")
        void rejectionIsForOneRegistration() {
            client().reject(invite(registerAnonymously(), ADA)).hasStatus(200);

            claim(registerAnonymously(), ADA);
        }

        @Test
        @DisplayName("410 claim_superseded, 409 claim_completed, 410 claim_expired, 403 claim_rejected")
        void errors() {
            client().reject("cvt_unknown").isIdentityError(410, "claim_superseded");
            Registered claimed = registerAnonymously();
            String claimedLink = invite(claimed, ADA);
            client().complete(claimed.claimToken(), reveal(claimedLink)).hasStatus(200);
            client().reject(claimedLink).isIdentityError(409, "claim_completed");
            client().exchange(claimed.assertion(), "scope", ProtocolService.ADMIN)
                    .hasStatus(200);
            String twice = invite(registerAnonymously(), ADA);
            client().reject(twice).hasStatus(200);
            client().reject(twice).isIdentityError(403, "claim_rejected");
            String lapsed = invite(registerAnonymously(), ADA);
            advance(TEN_MINUTES);
            client().reject(lapsed).isIdentityError(410, "claim_expired");
        }
    }

    @Nested
    @DisplayName("POST …/claim/complete {claim_token, otp}")
    final class Complete {

        @Test
        @DisplayName("anonymous: {registration_id, status: claimed}: no new assertion, the tokens in hand simply widen")
        void anonymous() {
            Registered agent = registerAnonymously();
            String token = token(agent.assertion());
            String code = reveal(invite(agent, ADA));
            Answer answer = client().complete(agent.claimToken(), code).isOkWith("registration_id", "id", "status");

            assertThat(answer.string("registration_id")).isEqualTo(agent.id());
            assertThat(answer.string("status")).isEqualTo("claimed");
            assertThat(client().callApi(token).hasStatus(200).strings("scopes")).hasSize(3);
        }

        @Test
        @DisplayName("e-mail: also identity_assertion, assertion_expires")
        void email() {
            Registered agent = registerEmail(ADA);
            String code = reveal(service().mail.newestToken());
            Answer answer = client().complete(agent.claimToken(), code)
                    .isOkWith("registration_id", "id", "status", "identity_assertion", "assertion_expires", "identity")
                    .isNotStored();

            assertThat(answer.string("registration_id")).isEqualTo(agent.id());
            assertThat(answer.string("status")).isEqualTo("claimed");
            assertThat(answer.time("assertion_expires")).isEqualTo(ProtocolService.START.plus(Duration.ofHours(1)));
            assertThat(client().callApi(token(answer.string("identity_assertion")))
                            .strings("scopes"))
                    .hasSize(3);
        }

        @Test
        @DisplayName("step-up: also identity_assertion, assertion_expires")
        void stepUpRegistration() {
            service().users.add(User.of("u1", ADA));
            Registered agent = stepUp(idJag());
            String code = reveal(service().mail.newestToken());
            Answer answer = client().complete(agent.claimToken(), code)
                    .isOkWith("registration_id", "id", "status", "identity_assertion", "assertion_expires", "identity");

            assertThat(client().callApi(token(answer.string("identity_assertion")))
                            .string("user_id"))
                    .isEqualTo("u1");
        }

        @Test
        @DisplayName(
                "a service may choose rotate: completing raises the epoch and the answer carries a new assertion (T31)")
        void rotate() {
            startService(options -> options.configure(builder -> builder.anonymousClaim(AnonymousClaim.ROTATE)));
            Registered agent = registerAnonymously();
            String stolen = token(agent.assertion());
            client().callApi(stolen).hasStatus(200);
            String code = reveal(invite(agent, ADA));
            Answer answer = client().complete(agent.claimToken(), code)
                    .isOkWith("registration_id", "id", "status", "identity_assertion", "assertion_expires", "identity");

            client().callApi(stolen).isCredentialError(401, "invalid_token");
            client().exchange(agent.assertion()).isCredentialError(400, "invalid_grant");
            assertThat(client().callApi(token(answer.string("identity_assertion")))
                            .strings("scopes"))
                    .hasSize(3);
        }

        @Test
        @DisplayName("401 invalid_claim_token")
        void unknownToken() {
            client().complete("clm_unknown", "123456").isIdentityError(401, "invalid_claim_token");
        }

        @Test
        @DisplayName("401 otp_invalid")
        void wrongCode() {
            Registered agent = registerAnonymously();
            String code = reveal(invite(agent, ADA));

            client().complete(agent.claimToken(), other(code)).isIdentityError(401, "otp_invalid");
            client().complete(agent.claimToken(), code).hasStatus(200);
        }

        @Test
        @DisplayName("400 otp_not_generated (also when no attempt exists)")
        void noCode() {
            Registered agent = registerAnonymously();
            client().complete(agent.claimToken(), "123456").isIdentityError(400, "otp_not_generated");
            invite(agent, ADA);
            client().complete(agent.claimToken(), "123456").isIdentityError(400, "otp_not_generated");
        }

        @Test
        @DisplayName("410 otp_expired")
        void lateCode() {
            Registered agent = registerAnonymously();
            String code = reveal(invite(agent, ADA));
            advance(TEN_MINUTES);

            client().complete(agent.claimToken(), code).isIdentityError(410, "otp_expired");
        }

        @Test
        @DisplayName("409 previously_claimed (T30: a repeat has no second effect)")
        void twice() {
            Registered agent = registerAnonymously();
            String code = reveal(invite(agent, ADA));
            client().complete(agent.claimToken(), code).hasStatus(200);
            String user = client().callApi(token(agent.assertion())).string("user_id");

            client().complete(agent.claimToken(), code).isIdentityError(409, "previously_claimed");
            client().complete(agent.claimToken(), other(code)).isIdentityError(409, "previously_claimed");
            assertThat(client().callApi(token(agent.assertion())).string("user_id"))
                    .isEqualTo(user);
            assertThat(service().audit.of("claim.confirmed")).hasSize(1);
        }

        @Test
        @DisplayName("410 claim_expired: expired or revoked")
        void expired() {
            Registered revoked = registerAnonymously();
            String code = reveal(invite(revoked, ADA));
            service().auth.revokeRegistration(revoked.id());
            client().complete(revoked.claimToken(), code).isIdentityError(410, "claim_expired");

            Registered expired = registerAnonymously();
            advance(Duration.ofHours(24));
            client().complete(expired.claimToken(), "123456").isIdentityError(410, "claim_expired");
        }

        @Test
        @DisplayName("403 claim_rejected")
        void rejected() {
            Registered agent = registerAnonymously();
            String link = invite(agent, ADA);
            String code = reveal(link);
            client().reject(link).hasStatus(200);

            client().complete(agent.claimToken(), code).isIdentityError(403, "claim_rejected");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "12345",
                    "1234567",
                    " 12345",
                    "12345 ",
                    "123 456",
                    "12345a",
                    "-12345",
                    "+12345",
                    "1e3456",
                    "123.45",
                    "\u0661\u0662\u0663\u0664\u0665\u0666",
                    "\uff11\uff12\uff13\uff14\uff15\uff16",
                    "0x1234",
                    "null  "
                })
        @DisplayName("an otp that is not six digits is invalid_request and not counted")
        void malformedCodeIsNotCounted(String malformed) {
            Registered agent = registerAnonymously();
            String code = reveal(invite(agent, ADA));
            for (int i = 0; i < 6; i++) {
                client().complete(agent.claimToken(), malformed).isIdentityError(400, "invalid_request");
            }
            client().postJson(
                            "/agent/identity/claim/complete",
                            "{\"claim_token\":\"" + agent.claimToken() + "\",\"otp\":"
                                    + Integer.parseInt("1" + code.substring(1)) + "}")
                    .isIdentityError(400, "invalid_request");

            client().complete(agent.claimToken(), code).hasStatus(200);
            assertThat(service().audit.of("otp.failed")).isEmpty();
        }
    }

    @Nested
    @DisplayName("Guessing")
    final class Guessing {

        @Test
        @DisplayName("five wrong codes void the code (otp_expired from then on, until a new one is minted)")
        void fiveWrongCodesVoidTheCode() {
            Registered agent = registerAnonymously();
            String link = invite(agent, ADA);
            String code = reveal(link);
            guessWrongly(agent, code, 5);

            client().complete(agent.claimToken(), code).isIdentityError(410, "otp_expired");
            client().complete(agent.claimToken(), other(code)).isIdentityError(410, "otp_expired");
            client().complete(agent.claimToken(), reveal(link)).hasStatus(200);
        }

        @Test
        @DisplayName("four wrong codes do not")
        void fourWrongCodesDoNot() {
            Registered agent = registerAnonymously();
            String code = reveal(invite(agent, ADA));
            guessWrongly(agent, code, 4);

            client().complete(agent.claimToken(), code).hasStatus(200);
        }

        @Test
        @DisplayName("twenty over the life of a registration end its claim (claim_expired)")
        void twentyWrongCodesEndTheClaim() {
            Registered agent = registerAnonymously();
            String link = invite(agent, ADA);
            String code = guessOut(agent, link);

            client().complete(agent.claimToken(), code).isIdentityError(410, "claim_expired");
            client().challenge(link).isIdentityError(410, "claim_expired");
            client().view(link).hasStatus(410);
            client().exchange(agent.assertion()).hasStatus(200);
        }

        @Test
        @DisplayName("nineteen do not")
        void nineteenWrongCodesDoNot() {
            Registered agent = registerAnonymously();
            String link = invite(agent, ADA);
            for (int i = 0; i < 3; i++) {
                guessWrongly(agent, reveal(link), 5);
            }
            String code = reveal(link);
            guessWrongly(agent, code, 4);

            client().complete(agent.claimToken(), code).hasStatus(200);
        }

        @Test
        @DisplayName("T18, T25: … however often codes or attempts were made anew in between")
        void newCodesAndAttemptsDoNotResetTheCount() {
            Registered agent = registerAnonymously();
            String code = "";
            for (int i = 0; i < 20; i++) {
                code = reveal(invite(agent, i % 2 == 0 ? ADA : BOB));
                client().complete(agent.claimToken(), other(code)).isIdentityError(401, "otp_invalid");
            }

            client().complete(agent.claimToken(), code).isIdentityError(410, "claim_expired");
            client().startClaim(agent.claimToken(), "carol@example.com").isIdentityError(410, "claim_expired");
        }

        @Test
        @DisplayName("an e-mail registration that is guessed out ends with its claim")
        void guessedOutEmailRegistration() {
            Registered agent = registerEmail(ADA);
            String code = guessOut(agent, service().mail.newestToken());

            client().complete(agent.claimToken(), code).isIdentityError(410, "claim_expired");
        }
    }

    @Nested
    @DisplayName("Completing binds the user of the recipient's address, deletes the code, and keeps the link's hash")
    final class Binding {

        @Test
        @DisplayName("binds the user of the recipient's address (case-insensitive)")
        void bindsTheUserOfTheAddress() {
            service().users.add(User.of("u1", "Ada@Example.com"));
            Registered anonymous = registerAnonymously();
            claim(anonymous, "ADA@example.com");
            Registered email = registerEmail("aDa@example.com");

            assertThat(client().callApi(token(anonymous.assertion())).string("user_id"))
                    .isEqualTo("u1");
            assertThat(client().callApi(token(completeMailed(email))).string("user_id"))
                    .isEqualTo("u1");
        }

        @Test
        @DisplayName("makes the user where there is none; every claim of that address then binds the same one")
        void makesTheUser() {
            Registered first = registerAnonymously();
            claim(first, ADA);
            Registered second = registerAnonymously();
            claim(second, ADA);
            Registered third = registerAnonymously();
            claim(third, BOB);
            String user = client().callApi(token(first.assertion())).string("user_id");

            assertThat(client().callApi(token(second.assertion())).string("user_id"))
                    .isEqualTo(user);
            assertThat(client().callApi(token(third.assertion())).string("user_id"))
                    .isNotEqualTo(user);
        }

        @Test
        @DisplayName("where new users are refused, completing is claim_expired and binds nobody")
        void refusesNewUsers() {
            startService(options -> options.configure(builder -> builder.newUsers(NewUserPolicy.REFUSE)));
            service().users.add(User.of("u1", BOB));
            Registered agent = registerAnonymously();
            String code = reveal(invite(agent, ADA));

            client().complete(agent.claimToken(), code).isIdentityError(410, "claim_expired");
            assertThat(service().users.findByVerifiedEmail(ADA)).isEmpty();
            assertThat(client().exchange(agent.assertion()).string("scope")).isEqualTo(ProtocolService.READ);
            claim(registerAnonymously(), BOB);
        }

        @Test
        @DisplayName("deletes the code, and keeps the link's hash")
        void codeIsDeleted() {
            Registered agent = registerAnonymously();
            String link = invite(agent, ADA);
            String code = reveal(link);
            assertThat(storedAttempt(agent).code()).isNotNull();
            client().complete(agent.claimToken(), code).hasStatus(200);

            assertThat(storedAttempt(agent).code()).isNull();
            assertThat(storedAttempt(agent).tokenHash()).isEqualTo(SecretHash.of(link));
        }

        private Attempt storedAttempt(Registered agent) {
            return service()
                    .registrations
                    .findById(agent.id())
                    .orElseThrow()
                    .claim()
                    .attempt();
        }

        @Test
        @DisplayName("the link says already claimed and challenge answers 409")
        void linkSaysSo() {
            Registered agent = registerAnonymously();
            String link = invite(agent, ADA);
            client().complete(agent.claimToken(), reveal(link)).hasStatus(200);

            assertThat(client().view(link).hasStatus(200).text()).containsIgnoringCase("already");
            client().challenge(link).isIdentityError(409, "claim_completed");
            advance(Duration.ofDays(1));
            assertThat(client().view(link).hasStatus(200).text()).containsIgnoringCase("already");
        }

        @Test
        @DisplayName(
                "after an agent was bound to an existing user, the mailer is asked to send that person a notice with the registration id")
        void noticeToAnExistingUser() {
            service().users.add(User.of("u1", ADA));
            Registered agent = registerAnonymously();
            claim(agent, ADA);

            assertThat(service().mail.notices()).singleElement().satisfies(notice -> {
                assertThat(notice.registrationId()).isEqualTo(agent.id());
                assertThat(notice.recipient()).isEqualTo(ADA);
                assertThat(notice.serviceName()).isEqualTo(ProtocolService.NAME);
                assertThat(notice.linkedAt()).isEqualTo(ProtocolService.START);
            });
        }

        @Test
        @DisplayName("no notice to a user who was just made; a notice that is refused changes nothing")
        void noticeOnlyToAnExistingUser() {
            claim(registerAnonymously(), ADA);
            assertThat(service().mail.notices()).isEmpty();
            service().mail.noticesDown(true);
            claim(registerAnonymously(), ADA);
            service().mail.noticesDown(false);
            claim(registerAnonymously(), ADA);
            assertThat(service().mail.notices()).hasSize(1);
        }
    }

    @Nested
    @DisplayName(
            "If this is the service's first own proof of that address, every other registration of that user is revoked")
    final class FirstOwnProof {

        enum Way {
            ANONYMOUS,
            EMAIL
        }

        private String proveAddress(Way way, String address) {
            if (way == Way.EMAIL) {
                return completeMailed(registerEmail(address));
            }
            Registered agent = registerAnonymously();
            claim(agent, address);
            return agent.assertion();
        }

        @ParameterizedTest
        @EnumSource(Way.class)
        @DisplayName("the user had been made on a provider's word (T58)")
        void firstOwnProofRevokesWhatWasPrepared(Way way) {
            Registered prepared = registerIdJag(idJag());
            String token = token(prepared.assertion());
            client().callApi(token).hasStatus(200);

            String proved = proveAddress(way, ADA);

            client().callApi(token).isCredentialError(401, "invalid_token");
            client().exchange(prepared.assertion()).isCredentialError(400, "invalid_grant");
            client().callApi(token(proved)).hasStatus(200);
        }

        @Test
        @DisplayName("the second proof revokes nothing")
        void secondProofRevokesNothing() {
            registerIdJag(idJag());
            String first = proveAddress(Way.ANONYMOUS, ADA);
            String second = proveAddress(Way.EMAIL, ADA);

            assertThat(client().callApi(token(first)).hasStatus(200).string("user_id"))
                    .isEqualTo(client().callApi(token(second)).hasStatus(200).string("user_id"));
        }

        @Test
        @DisplayName("an address that the service had proved itself: nothing is revoked")
        void ownProofFromTheStart() {
            service().users.add(User.of("u1", ADA));
            String first = proveAddress(Way.ANONYMOUS, ADA);
            String second = proveAddress(Way.ANONYMOUS, ADA);

            client().callApi(token(first)).hasStatus(200);
            client().callApi(token(second)).hasStatus(200);
        }

        @Test
        @DisplayName("registrations of other users are left alone")
        void othersAreLeftAlone() {
            Registered bobs = registerIdJag(idJag().subject("person-2").email(BOB));
            registerIdJag(idJag());

            proveAddress(Way.ANONYMOUS, ADA);

            client().callApi(token(bobs.assertion())).hasStatus(200);
        }

        @Test
        @DisplayName(
                "its provider identity no longer yields that user either: a new one is made, with another address too")
        void identityNoLongerYieldsThatUser() {
            Registered prepared = registerIdJag(idJag());
            String preparedUser = client().callApi(token(prepared.assertion())).string("user_id");
            String proved = proveAddress(Way.ANONYMOUS, ADA);
            assertThat(client().callApi(token(proved)).string("user_id")).isEqualTo(preparedUser);
            advance(Duration.ofSeconds(1));

            Registered again = registerIdJag(idJag().email("eve@example.com"));

            assertThat(again.id()).isNotEqualTo(prepared.id());
            assertThat(client().callApi(token(again.assertion())).string("user_id"))
                    .isNotEqualTo(preparedUser);
            client().registerIdJag(idJag().subject("person-9").email(ADA).compact())
                    .isInteractionRequired();
        }

        @Test
        @DisplayName("a step-up completed by mail is such a proof too")
        void stepUpIsAProofToo() {
            Registered prepared = registerIdJag(idJag());
            String token = token(prepared.assertion());
            Registered owner = stepUp(idJag().subject("person-2"));
            String assertion = completeMailed(owner);

            client().callApi(token).isCredentialError(401, "invalid_token");
            client().callApi(token(assertion)).hasStatus(200);
        }
    }

    @Nested
    @DisplayName("T17: cross-registration mixes are refused")
    final class CrossRegistration {

        @Test
        @DisplayName("the code of one registration is no code of another")
        void codeOfAnother() {
            Registered first = registerAnonymously();
            Registered second = registerAnonymously();
            String firstCode = reveal(invite(first, ADA));
            String secondLink = invite(second, BOB);
            String secondCode = reveal(secondLink);
            while (secondCode.equals(firstCode)) {
                secondCode = reveal(secondLink);
            }

            client().complete(first.claimToken(), secondCode).isIdentityError(401, "otp_invalid");
            client().complete(second.claimToken(), firstCode).isIdentityError(401, "otp_invalid");
            client().complete(first.claimToken(), firstCode).hasStatus(200);
            client().complete(second.claimToken(), secondCode).hasStatus(200);
        }

        @Test
        @DisplayName("every secret in every place where it does not belong")
        void everySecretInEveryWrongPlace() {
            Registered agent = registerAnonymously();
            String link = invite(agent, ADA);
            String code = reveal(link);
            String token = token(agent.assertion());
            List<String> secrets = List.of(agent.claimToken(), link, code, token, agent.assertion(), agent.id());

            for (String secret : secrets) {
                if (!secret.equals(agent.claimToken())) {
                    client().startClaim(secret, ADA).isIdentityError(401, "invalid_claim_token");
                    client().complete(secret, code).isIdentityError(401, "invalid_claim_token");
                }
                if (!secret.equals(link)) {
                    client().challenge(secret).isIdentityError(410, "claim_superseded");
                    client().reject(secret).isIdentityError(410, "claim_superseded");
                    client().view(secret).hasStatus(404);
                }
                if (!secret.equals(code)) {
                    client().complete(agent.claimToken(), secret).isIdentityError(400, "invalid_request");
                }
                if (!secret.equals(token)) {
                    client().callApi(secret).isCredentialError(401, "invalid_token");
                }
                if (!secret.equals(agent.assertion())) {
                    client().exchange(secret).isCredentialError(400, "invalid_grant");
                }
            }
            client().callApi(token).hasStatus(200);
            client().postJson("/agent/identity/claim/complete", json("claim_token", agent.claimToken(), "otp", code))
                    .hasStatus(200);
        }
    }
}
