package dev.agentauth.servlet.protocol;

import static dev.agentauth.servlet.protocol.Client.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.spi.User;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** B4 as far as a mailed link goes, and what B5 says of the spelling of starting and completing. */
@DisplayName("B4, B5. service_auth, login_hint and user_code")
final class B4ServiceAuthTest extends ProtocolTest {

    private Answer start(String claimToken, String... members) {
        Object[] all = new Object[members.length + 2];
        all[0] = "claim_token";
        all[1] = claimToken;
        System.arraycopy(members, 0, all, 2, members.length);
        return client().postJson("/agent/identity/claim", json(all));
    }

    private Answer completeByUserCode(String claimToken, String code) {
        return client().postJson("/agent/identity/claim/complete", json("claim_token", claimToken, "user_code", code));
    }

    private String mailedTo() {
        return service().mail.links().get(service().mail.links().size() - 1).recipient();
    }

    @Nested
    @DisplayName("{\"type\":\"service_auth\",\"login_hint\":…}")
    final class Registering {

        @Test
        @DisplayName("does what verified_email does")
        void mailsAndIsClaimed() {
            Registered agent = Registered.of(client().register(json("type", "service_auth", "login_hint", ADA)));

            assertThat(mailedTo()).isEqualTo(ADA);
            Answer completed = completeByUserCode(
                            agent.claimToken(), reveal(service().mail.newestToken()))
                    .hasStatus(200);
            assertThat(client().callApi(token(completed.string("identity_assertion")))
                            .strings("scopes"))
                    .hasSize(3);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "ada", "ada@", "a@b@c", "\"a\"@example.com", "ada@example.com, bob@example.com"})
        @DisplayName("a login_hint that is no address: 400 invalid_login_hint")
        void hintThatIsNoAddress(String hint) {
            Answer answer = client().register(json("type", "service_auth", "login_hint", hint))
                    .isIdentityError(400, "invalid_login_hint");
            assertThat(answer.string("message")).contains("login_hint").doesNotContain("assertion");
        }

        @Test
        @DisplayName("a missing one: 400 invalid_login_hint; one that is no string: invalid_request")
        void hintThatIsMissingOrNoString() {
            client().register(json("type", "service_auth")).isIdentityError(400, "invalid_login_hint");
            for (String other : new String[] {"null", "7", "[\"ada@example.com\"]", "{}"}) {
                client().register("{\"type\":\"service_auth\",\"login_hint\":" + other + "}")
                        .isIdentityError(400, "invalid_request");
            }
            assertThat(service().mail.links()).isEmpty();
        }

        @Test
        @DisplayName("switched off: service_auth_not_enabled, in production's words service_auth_registration_disabled")
        void switchedOff() {
            startService(options -> options.configure(builder -> builder.verifiedEmail(false)));

            Answer answer = client().register(json("type", "service_auth", "login_hint", ADA))
                    .isIdentityError(400, "service_auth_not_enabled");
            assertThat(answer.string("code")).isEqualTo("service_auth_registration_disabled");
            Answer old = client().registerEmail(ADA).isIdentityError(400, "verified_email_not_enabled");
            assertThat(old.string("code")).isEqualTo("service_auth_registration_disabled");
        }

        @Test
        @DisplayName("counts against A11's limits like an identity assertion")
        void isLimited() {
            startService(options -> options.limited());
            for (int i = 0; i < 60; i++) {
                client().register(json("type", "service_auth", "login_hint", "no address"))
                        .isIdentityError(400, "invalid_login_hint");
            }

            Answer answer = client().register(json("type", "service_auth", "login_hint", ADA))
                    .isIdentityError(429, "rate_limited");
            assertThat(answer.string("code")).isEqualTo("rate_limit_exceeded");
            assertThat(answer.json().path("retry_after").asLong()).isEqualTo(3600);
        }
    }

    @Nested
    @DisplayName("POST /agent/identity/claim takes an address in email or in login_hint, whatever type says")
    final class Starting {

        @Test
        void anySpellingMails() {
            for (String[] members : new String[][] {
                {"email", ADA},
                {"login_hint", ADA},
                {"type", "login_hint", "login_hint", ADA},
                {"type", "service_auth", "login_hint", ADA},
                {"type", "service_auth", "email", ADA},
                {"type", "login_hint", "email", ADA}
            }) {
                Registered agent = registerAnonymously();
                start(agent.claimToken(), members).hasStatus(200);
                assertThat(mailedTo()).isEqualTo(ADA);
            }
        }

        @Test
        @DisplayName("both: invalid_request; another type: invalid_request")
        void contradictions() {
            Registered agent = registerAnonymously();
            start(agent.claimToken(), "email", ADA, "login_hint", ADA).isIdentityError(400, "invalid_request");
            start(agent.claimToken(), "type", "anonymous", "email", ADA).isIdentityError(400, "invalid_request");
            start(agent.claimToken(), "type", "", "email", ADA).isIdentityError(400, "invalid_request");
        }

        @Test
        @DisplayName("without an address: invalid_login_hint where type is given, else invalid_request")
        void nobodyNamed() {
            Registered agent = registerAnonymously();
            start(agent.claimToken()).isIdentityError(400, "invalid_request");
            start(agent.claimToken(), "type", "login_hint").isIdentityError(400, "invalid_login_hint");
            start(agent.claimToken(), "type", "service_auth").isIdentityError(400, "invalid_login_hint");
        }

        @Test
        @DisplayName("a malformed email is invalid_request, a malformed login_hint invalid_login_hint")
        void malformed() {
            Registered agent = registerAnonymously();
            start(agent.claimToken(), "email", "ada").isIdentityError(400, "invalid_request");
            start(agent.claimToken(), "type", "service_auth", "email", "ada").isIdentityError(400, "invalid_request");
            Answer hinted = start(agent.claimToken(), "login_hint", "ada").isIdentityError(400, "invalid_login_hint");
            assertThat(hinted.string("message")).contains("login_hint").doesNotContain("email must");
            start(agent.claimToken(), "type", "service_auth", "login_hint", "ada")
                    .isIdentityError(400, "invalid_login_hint");
        }

        @Test
        @DisplayName("an e-mail registration: its own address starts a new attempt in every spelling, another is 409")
        void emailRegistration() {
            Registered agent = registerEmail(ADA);
            String first = service().mail.newestToken();
            start(agent.claimToken(), "email", ADA).hasStatus(200);
            assertThat(service().mail.links()).as("the attempt is open").hasSize(1);
            service().clock.advance(Duration.ofMinutes(10));
            start(agent.claimToken(), "type", "service_auth", "login_hint", "Ada@Example.com")
                    .hasStatus(200);
            assertThat(service().mail.links()).hasSize(2);
            client().challenge(first).isIdentityError(410, "claim_superseded");

            start(agent.claimToken(), "email", BOB).isIdentityError(409, "claimed_or_in_flight");
            Answer own = start(agent.claimToken(), "type", "service_auth", "login_hint", BOB)
                    .isIdentityError(409, "already_claimed");
            assertThat(own.string("code")).isEqualTo("already_claimed");
        }

        @Test
        @DisplayName("a step-up: 409, it is started again by presenting")
        void stepUpRegistration() {
            service().users.add(User.of("u1", ADA));
            Registered agent = stepUp(idJag());

            start(agent.claimToken(), "login_hint", ADA).isIdentityError(409, "claimed_or_in_flight");
        }
    }

    @Nested
    @DisplayName("POST …/claim/complete takes otp or user_code")
    final class Completing {

        @Test
        @DisplayName("both given: invalid_request, and nothing is counted")
        void both() {
            Registered agent = registerAnonymously();
            String code = reveal(invite(agent, ADA));
            for (int i = 0; i < 6; i++) {
                client().postJson(
                                "/agent/identity/claim/complete",
                                json("claim_token", agent.claimToken(), "otp", code, "user_code", code))
                        .isIdentityError(400, "invalid_request");
            }
            client().complete(agent.claimToken(), code).hasStatus(200);
        }

        @Test
        @DisplayName("by user_code, an anonymous one: epoch raised, new assertion")
        void userCodeRotates() {
            Registered agent = registerAnonymously();
            String stolen = token(agent.assertion());
            Answer answer = completeByUserCode(agent.claimToken(), reveal(invite(agent, ADA)))
                    .isOkWith("registration_id", "id", "status", "identity_assertion", "assertion_expires", "identity");

            client().callApi(stolen).isCredentialError(401, "invalid_token");
            client().exchange(agent.assertion()).isCredentialError(400, "invalid_grant");
            assertThat(client().callApi(token(answer.string("identity_assertion")))
                            .strings("scopes"))
                    .hasSize(3);
        }

        @Test
        @DisplayName("a user_code that is not six digits is invalid_request and not counted")
        void malformedCode() {
            Registered agent = registerAnonymously();
            String code = reveal(invite(agent, ADA));
            for (String wrong : new String[] {"12345", "1234567", "12345a", "１２３４５６", "123 456"}) {
                completeByUserCode(agent.claimToken(), wrong).isIdentityError(400, "invalid_request");
            }
            completeByUserCode(agent.claimToken(), code).hasStatus(200);
        }
    }
}
