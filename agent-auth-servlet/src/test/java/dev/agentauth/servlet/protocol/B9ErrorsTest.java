package dev.agentauth.servlet.protocol;

import static dev.agentauth.servlet.protocol.Client.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("B9. Errors of the identity surface: error, code, message, error_description")
final class B9ErrorsTest extends ProtocolTest {

    private Answer complete(String member, String claimToken, String code) {
        return client().postJson("/agent/identity/claim/complete", json("claim_token", claimToken, member, code));
    }

    /** The same request in both spellings: each has the status and the name of its own, and production's beside it. */
    private void isCalled(
            String claimToken, String code, int status, String name, int productionStatus, String productionName) {
        Answer old = complete("otp", claimToken, code).isIdentityError(status, name);
        assertThat(old.string("code")).isEqualTo(productionName);
        Answer production = complete("user_code", claimToken, code).isIdentityError(productionStatus, productionName);
        assertThat(production.string("code")).isEqualTo(productionName);
    }

    @Nested
    @DisplayName("where the request is production's own, production's status and name")
    final class Spellings {

        @Test
        void codeNotShown() {
            Registered agent = registerAnonymously();
            isCalled(agent.claimToken(), "123456", 400, "otp_not_generated", 409, "claim_not_confirmed");
        }

        @Test
        void codeWrong() {
            Registered agent = registerAnonymously();
            String code = reveal(invite(agent, ADA));
            isCalled(agent.claimToken(), other(code), 401, "otp_invalid", 401, "invalid_user_code");
        }

        @Test
        void codeLapsed() {
            Registered agent = registerAnonymously();
            String code = reveal(invite(agent, ADA));
            service().clock.advance(Duration.ofMinutes(10));
            isCalled(agent.claimToken(), code, 410, "otp_expired", 410, "user_code_expired");
        }

        @Test
        @DisplayName("at /claim, where neither mailer nor sign-in is set: auth_method_disabled 403")
        void nobodyCanBeAsked() {
            startService(options -> options.withoutMail());

            Answer old = client().startClaim("clm_x", ADA).isIdentityError(400, "verified_email_not_enabled");
            assertThat(old.string("code")).isEqualTo("auth_method_disabled");
            for (String member : new String[] {"email", "login_hint"}) {
                Answer production = client().postJson(
                                "/agent/identity/claim",
                                json("claim_token", "clm_x", "type", "service_auth", member, ADA))
                        .isIdentityError(403, "auth_method_disabled");
                assertThat(production.string("code")).isEqualTo("auth_method_disabled");
            }
            Answer registering = client().register(json("type", "service_auth", "login_hint", ADA))
                    .isIdentityError(400, "service_auth_not_enabled");
            assertThat(registering.string("code")).isEqualTo("service_auth_registration_disabled");
        }

        @Test
        void personSaidNo() {
            Registered agent = registerAnonymously();
            String link = invite(agent, ADA);
            String code = reveal(link);
            client().reject(link).hasStatus(200);
            isCalled(agent.claimToken(), code, 403, "claim_rejected", 403, "claim_denied");
        }

        @Test
        void claimedAlready() {
            Registered agent = registerAnonymously();
            String code = reveal(invite(agent, ADA));
            client().complete(agent.claimToken(), code).hasStatus(200);
            isCalled(agent.claimToken(), code, 409, "previously_claimed", 409, "already_claimed");
        }

        @Test
        @DisplayName("claim_expired, because it was revoked: claim_revoked")
        void revoked() {
            Registered agent = registerAnonymously();
            service().auth.revokeRegistration(agent.id());
            isCalled(agent.claimToken(), "123456", 410, "claim_expired", 410, "claim_revoked");
        }

        @Test
        @DisplayName("claim_expired, otherwise: claim_expired")
        void lapsed() {
            Registered agent = registerAnonymously();
            service().clock.advance(Duration.ofHours(24));
            isCalled(agent.claimToken(), "123456", 410, "claim_expired", 410, "claim_expired");
        }

        @Test
        @DisplayName("any other: the same name")
        void unknownToken() {
            isCalled("clm_x", "123456", 401, "invalid_claim_token", 401, "invalid_claim_token");
        }
    }

    @Nested
    @DisplayName("otherwise 0.2's name and status, and production's name in code")
    final class Codes {

        @Test
        void ofRegistering() {
            hasCode(
                    client().registerIdJag(idJag().claim("iss", "https://nobody.example")
                            .compact()),
                    "issuer_not_enabled");
            hasCode(
                    client().registerIdJag(
                                    idJag().claim("aud", "https://else.example").compact()),
                    "invalid_request");
            String idJag = idJag().compact();
            client().registerIdJag(idJag).hasStatus(200);
            hasCode(client().registerIdJag(idJag).isIdentityError(400, "replay_detected"), "invalid_request");
        }

        @Test
        void ofASwitch() {
            startService(options -> options.configure(builder -> builder.anonymous(false)));
            hasCode(
                    client().registerAnonymously().isIdentityError(400, "anonymous_not_enabled"),
                    "anonymous_registration_disabled");
        }

        @Test
        void ofTheLink() {
            hasCode(client().challenge("cvt_x").isIdentityError(410, "claim_superseded"), "claim_expired");
            hasCode(
                    client().postJson("/agent/identity", "[]").isIdentityError(400, "invalid_request"),
                    "invalid_request");
            hasCode(client().get("/agent/identity").isIdentityError(405, "invalid_request"), "invalid_request");
        }

        private void hasCode(Answer answer, String code) {
            assertThat(answer.string("code")).as("%s", answer).isEqualTo(code);
        }
    }
}
