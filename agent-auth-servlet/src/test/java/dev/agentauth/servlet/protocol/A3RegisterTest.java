package dev.agentauth.servlet.protocol;

import static dev.agentauth.servlet.protocol.Client.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentauth.config.NewUserPolicy;
import dev.agentauth.spi.User;
import dev.agentauth.testkit.FakeProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A3. POST /agent/identity")
final class A3RegisterTest extends ProtocolTest {

    @Nested
    @DisplayName("Success is 200; every answer carries Cache-Control: no-store")
    final class EveryAnswer {

        @Test
        void successIsNotStored() {
            client().registerAnonymously().hasStatus(200).isNotStored();
            client().registerEmail(ADA).hasStatus(200).isNotStored();
            client().registerIdJag(idJag().email(BOB).compact()).hasStatus(200).isNotStored();
        }

        @Test
        void errorsAreNotStored() {
            client().register("{").isIdentityError(400, "invalid_request").isNotStored();
            client().registerIdJag(idJag().claim("iss", "https://x.example").compact())
                    .isIdentityError(400, "invalid_issuer")
                    .isNotStored();
            client().get("/agent/identity").hasStatus(405).isNotStored();
            client().send("POST", "/agent/identity", Client.utf8("{}"), "Content-Type", "text/plain")
                    .hasStatus(415)
                    .isNotStored();
            service().users.add(User.of("u1", ADA));
            client().registerIdJag(idJag().compact()).isInteractionRequired().isNotStored();
            service().wiretap.before("insert", Wiretap.failure());
            client().registerAnonymously().hasStatus(503).isNotStored();
        }
    }

    @Nested
    @DisplayName("{\"type\":\"anonymous\"}")
    final class Anonymous {

        @Test
        @DisplayName(
                "registration_id, registration_type, identity_assertion, assertion_expires, pre_claim_scopes, post_claim_scopes, claim_url, claim_token, claim_token_expires")
        void answer() {
            Answer answer = client().registerAnonymously()
                    .isOkWith(
                            "registration_id",
                            "registration_type",
                            "id",
                            "type",
                            "identity_assertion",
                            "assertion_expires",
                            "identity",
                            "pre_claim_scopes",
                            "post_claim_scopes",
                            "scopes",
                            "claim_url",
                            "claim_token",
                            "claim_token_expires",
                            "claim");

            assertThat(answer.string("registration_id")).startsWith("reg_");
            assertThat(answer.string("registration_type")).isEqualTo("anonymous");
            assertThat(answer.time("assertion_expires")).isEqualTo(ProtocolService.START.plus(Duration.ofHours(1)));
            assertThat(answer.strings("pre_claim_scopes")).containsExactly(ProtocolService.READ);
            assertThat(answer.strings("post_claim_scopes"))
                    .containsExactly(ProtocolService.READ, ProtocolService.WRITE, ProtocolService.ADMIN);
            assertThat(answer.string("claim_url")).isEqualTo(service().issuer() + "/agent/identity/claim");
            assertThat(answer.string("claim_token")).startsWith("clm_");
            assertThat(answer.time("claim_token_expires")).isEqualTo(ProtocolService.START.plus(Duration.ofHours(24)));
            assertThat(service().mail.links()).isEmpty();
        }

        @Test
        @DisplayName("each is a registration of its own")
        void eachIsNew() {
            assertThat(registerAnonymously().id())
                    .isNotEqualTo(registerAnonymously().id());
        }

        @Test
        @DisplayName("400 anonymous_not_enabled")
        void notEnabled() {
            startService(options -> options.configure(builder -> builder.anonymous(false)));

            client().registerAnonymously().isIdentityError(400, "anonymous_not_enabled");
            client().registerEmail(ADA).hasStatus(200);
        }
    }

    @Nested
    @DisplayName("assertion_type id-jag → verify, match, then the answer")
    final class IdJag {

        @Test
        @DisplayName(
                "registration_id, registration_type: agent-provider, identity_assertion, assertion_expires, scopes")
        void answer() {
            Answer answer = client().registerIdJag(idJag().compact())
                    .isOkWith(
                            "registration_id",
                            "registration_type",
                            "id",
                            "type",
                            "identity_assertion",
                            "assertion_expires",
                            "identity",
                            "scopes");

            assertThat(answer.string("registration_id")).startsWith("reg_");
            assertThat(answer.string("registration_type")).isEqualTo("agent-provider");
            assertThat(answer.time("assertion_expires")).isEqualTo(ProtocolService.START.plus(Duration.ofHours(1)));
            assertThat(answer.strings("scopes"))
                    .containsExactly(ProtocolService.READ, ProtocolService.WRITE, ProtocolService.ADMIN);
            assertThat(service().mail.links()).isEmpty();
        }

        @Test
        @DisplayName("a missing assertion_type means ID-JAG")
        void missingAssertionTypeMeansIdJag() {
            client().register(json("type", "identity_assertion", "assertion", idJag().compact()))
                    .hasStatus(200);
        }

        @Test
        @DisplayName("scopes: what this assertion can be exchanged for")
        void scopesAreWhatTheAssertionCanBeExchangedFor() {
            Answer answer = client().registerIdJag(
                            idJag().claim("scope", ProtocolService.ADMIN + " other " + ProtocolService.READ)
                                    .compact())
                    .hasStatus(200);

            assertThat(answer.strings("scopes")).containsExactly(ProtocolService.READ, ProtocolService.ADMIN);
            assertThat(client().exchange(answer.string("identity_assertion")).string("scope"))
                    .isEqualTo(ProtocolService.READ + " " + ProtocolService.ADMIN);
        }

        @Test
        @DisplayName("presenting again returns the same registration_id")
        void presentingAgainReturnsTheSameRegistration() {
            Registered first = registerIdJag(idJag());
            service().clock.advance(Duration.ofDays(3));
            Registered second = registerIdJag(idJag());

            assertThat(second.id()).isEqualTo(first.id());
            assertThat(second.assertion()).isNotEqualTo(first.assertion());
            client().exchange(second.assertion()).hasStatus(200);
        }

        @Test
        @DisplayName("after a revocation a new one is made")
        void newOneAfterARevocation() {
            Registered first = registerIdJag(idJag());
            service().auth.revokeRegistration(first.id());
            service().clock.advance(Duration.ofSeconds(1));
            // The link is gone with the registration, and the user is there: A9's second step.
            Registered second = stepUp(idJag());

            assertThat(second.id()).isNotEqualTo(first.id());
            client().exchange(first.assertion()).isCredentialError(400, "invalid_grant");
            client().exchange(completeMailed(second)).hasStatus(200);
            assertThat(registerIdJag(idJag()).id()).isEqualTo(second.id());
        }

        @Test
        @DisplayName("at most one live registration of kind provider exists per identity; an expired one is not live")
        void newOneAfterAnExpiredStepUp() {
            service().users.add(User.of("u1", ADA));
            Registered first = stepUp(idJag());
            service().clock.advance(Duration.ofHours(24).minusMillis(1));
            assertThat(stepUp(idJag()).id()).isEqualTo(first.id());
            service().clock.advance(Duration.ofMillis(1));
            assertThat(stepUp(idJag()).id()).isNotEqualTo(first.id());
        }

        @Test
        @DisplayName("400 id_jag_not_enabled")
        void notEnabled() {
            startService(ProtocolService.Options::trustingNobody);

            client().registerIdJag(idJag().compact()).isIdentityError(400, "id_jag_not_enabled");
            client().register(json("type", "identity_assertion", "assertion", idJag().compact()))
                    .isIdentityError(400, "id_jag_not_enabled");
        }
    }

    @Nested
    @DisplayName("assertion_type verified_email → starts the ceremony at once (the link is mailed)")
    final class VerifiedEmail {

        @Test
        @DisplayName(
                "registration_id, registration_type: email-verification, claim_url, claim_token, claim_token_expires, post_claim_scopes; no identity assertion")
        void answer() {
            Answer answer = client().registerEmail(ADA)
                    .isOkWith(
                            "registration_id",
                            "registration_type",
                            "id",
                            "type",
                            "claim_url",
                            "claim_token",
                            "claim_token_expires",
                            "claim",
                            "post_claim_scopes",
                            "scopes");

            assertThat(answer.string("registration_id")).startsWith("reg_");
            assertThat(answer.string("registration_type")).isEqualTo("email-verification");
            assertThat(answer.string("claim_url")).isEqualTo(service().issuer() + "/agent/identity/claim");
            assertThat(answer.string("claim_token")).startsWith("clm_");
            assertThat(answer.time("claim_token_expires")).isEqualTo(ProtocolService.START.plus(Duration.ofHours(24)));
            assertThat(answer.strings("post_claim_scopes"))
                    .containsExactly(ProtocolService.READ, ProtocolService.WRITE, ProtocolService.ADMIN);
        }

        @Test
        @DisplayName("the link is mailed to the address, and leads on")
        void linkIsMailedAtOnce() {
            Registered agent = registerEmail(ADA);

            assertThat(service().mail.links()).singleElement().satisfies(mail -> {
                assertThat(mail.recipient()).isEqualTo(ADA);
                assertThat(mail.registrationId()).isEqualTo(agent.id());
                assertThat(mail.link()).startsWith(service().issuer() + "/agent/identity/claim/view?token=cvt_");
            });
            client().exchange(completeMailed(agent)).hasStatus(200);
        }

        @Test
        @DisplayName("T04: the answer does not tell whether the address has an account")
        void answerIsTheSameForAnAccountAndForNone() {
            service().users.add(User.of("u1", ADA));
            service().wiretap.record();

            Answer known = client().registerEmail(ADA);
            List<String> workForKnown = work();
            Answer unknown = client().registerEmail(BOB);
            List<String> workForUnknown = work();

            assertThat(known.status()).isEqualTo(unknown.status());
            assertThat(known.members()).isEqualTo(unknown.members());
            assertThat(withoutTokens(known)).isEqualTo(withoutTokens(unknown));
            assertThat(known.headers().keySet()).isEqualTo(unknown.headers().keySet());
            assertThat(workForKnown)
                    .as("nor does its timing: the same work")
                    .isEqualTo(workForUnknown)
                    .isNotEmpty();
        }

        private List<String> work() {
            List<String> names = service().wiretap.calls().stream()
                    .map(call -> call.substring(0, call.indexOf('[')))
                    .toList();
            service().wiretap.calls().clear();
            return names;
        }

        private String withoutTokens(Answer answer) {
            return answer.text()
                    .replaceAll("(reg|clm)_[A-Za-z0-9_-]+", "$1_")
                    .replaceAll("\"user_code\":\"[0-9]{6}\"", "\"user_code\":\"\"");
        }

        @Test
        @DisplayName("400 verified_email_not_enabled")
        void notEnabled() {
            startService(options -> options.configure(builder -> builder.verifiedEmail(false)));

            client().registerEmail(ADA).isIdentityError(400, "verified_email_not_enabled");
            client().registerAnonymously().hasStatus(200);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "a@example.com",
                    "A.B+tag@Example.COM",
                    "o'neil@example.co.uk",
                    "x_y-z@xn--bcher-kva.example",
                    "1@2.example"
                })
        @DisplayName("good addresses, compared after lower-casing")
        void goodAddress(String address) {
            client().registerEmail(address).hasStatus(200);

            assertThat(service().mail.newest().recipient()).isEqualTo(address.toLowerCase(java.util.Locale.ROOT));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    " ",
                    "ada",
                    "@example.com",
                    "ada@",
                    "ada@@example.com",
                    "a@b@example.com",
                    " ada@example.com",
                    "ada@example.com ",
                    "ada @example.com",
                    "ada@example .com",
                    "ada@example.com\n",
                    "ada@example.com\r\nBcc: eve@example.com",
                    "ada@example.com\nBcc: eve@example.com",
                    "ada@example.com%0d%0aBcc:eve@example.com",
                    "ada@example.com,eve@example.com",
                    "ada@example.com;eve@example.com",
                    "ada@example.com eve@example.com",
                    "Ada <ada@example.com>",
                    "<ada@example.com>",
                    "\"ada\"@example.com",
                    "\"ada eve\"@example.com",
                    "ada(comment)@example.com",
                    "ada@[127.0.0.1]",
                    "ada@example.com\t",
                    "mailto:ada@example.com",
                    "ada@example..com",
                    ".ada@example.com",
                    "ada.@example.com",
                    "a..da@example.com",
                    "ada@-example.com",
                    "ada@example.com.",
                    "\u00e4da@example.com",
                    "ada@ex\u00e4mple.com",
                    "ada@example.com\u200b",
                    "\uff41da@example.com",
                    "ada@example\uff0ecom",
                    "ada\u0000@example.com"
                })
        @DisplayName("T05: ASCII, no quoted local part, one address and nothing else")
        void malformedAddress(String address) {
            client().registerEmail(address).isIdentityError(400, "invalid_request");
            client().startClaim(registerAnonymously().claimToken(), address).isIdentityError(400, "invalid_request");

            assertThat(service().mail.links()).isEmpty();
        }

        @Test
        @DisplayName("at most 254 characters")
        void lengthOfAnAddress() {
            String domain = "@" + ("d".repeat(62) + ".").repeat(2) + "e".repeat(60) + ".example";
            String longest = "a".repeat(254 - domain.length()) + domain;
            assertThat(longest).hasSize(254);

            client().registerEmail(longest).hasStatus(200);
            client().registerEmail("a" + longest).isIdentityError(400, "invalid_request");
        }
    }

    @Nested
    @DisplayName("The identity assertion is a JWT")
    final class IdentityAssertion {

        @Test
        @DisplayName(
                "header typ: oauth-id-jag+jwt, alg: ES256, kid; claims iss = aud = the issuer (strings), sub = the registration id, jti, iat, exp, the epoch")
        void headerAndClaims() {
            Registered agent = registerAnonymously();
            JsonNode header = headerOf(agent.assertion());
            JsonNode claims = claimsOf(agent.assertion());

            assertThat(header.path("typ").asText()).isEqualTo("oauth-id-jag+jwt");
            assertThat(header.path("alg").asText()).isEqualTo("ES256");
            assertThat(header.path("kid").asText()).isNotEmpty();
            assertThat(header.size()).isEqualTo(3);
            assertThat(claims.path("iss").isTextual() && claims.path("aud").isTextual())
                    .isTrue();
            assertThat(claims.path("iss").asText()).isEqualTo(service().issuer());
            assertThat(claims.path("aud").asText()).isEqualTo(service().issuer());
            assertThat(claims.path("sub").asText()).isEqualTo(agent.id());
            assertThat(claims.path("jti").asText()).isNotEmpty();
            assertThat(claims.path("iat").asLong()).isEqualTo(ProtocolService.START.getEpochSecond());
            assertThat(claims.path("exp").asLong()).isEqualTo(ProtocolService.START.getEpochSecond() + 3600);
            assertThat(claims.size()).as("nothing more").isEqualTo(7);
        }

        @Test
        @DisplayName("the narrowing if any; nothing about the person")
        void narrowingAndNothingAboutThePerson() {
            Registered agent = registerIdJag(idJag().claim("scope", ProtocolService.READ)
                    .claim("name", "Ada Lovelace")
                    .claim("phone_number", "+15550100")
                    .claim("phone_number_verified", true));
            JsonNode claims = claimsOf(agent.assertion());

            assertThat(claims.size()).isEqualTo(8);
            assertThat(claims.toString())
                    .contains(ProtocolService.READ)
                    .doesNotContain(
                            "ada", "Ada", "person-1", "15550100", provider().issuer());
        }

        @Test
        @DisplayName("no two have the same jti")
        void everyAssertionHasItsOwnId() {
            assertThat(claimsOf(registerIdJag(idJag()).assertion()).path("jti"))
                    .isNotEqualTo(claimsOf(registerIdJag(idJag()).assertion()).path("jti"));
        }
    }

    @Nested
    @DisplayName("Errors: 400 invalid_request")
    final class InvalidRequests {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "anonymous",
                    "\"anonymous\"",
                    "[{\"type\":\"anonymous\"}]",
                    "{}",
                    "{\"type\":\"\"}",
                    "{\"type\":\"Anonymous\"}",
                    "{\"type\":\"anonymous \"}",
                    "{\"type\":\"refresh\"}",
                    "{\"type\":[\"anonymous\"]}",
                    "{\"Type\":\"anonymous\"}",
                    "{\"type\":\"identity_assertion\"}",
                    "{\"type\":\"identity_assertion\",\"assertion_type\":\"verified_email\"}",
                    "{\"type\":\"identity_assertion\",\"assertion_type\":\"other\",\"assertion\":\"ada@example.com\"}",
                    "{\"type\":\"identity_assertion\",\"assertion_type\":\"\",\"assertion\":\"ada@example.com\"}",
                    "{\"type\":\"identity_assertion\",\"assertion_type\":null,\"assertion\":\"ada@example.com\"}",
                    "{\"type\":\"identity_assertion\",\"assertion_type\":\"verified_email\",\"assertion\":1}",
                    "{\"type\":\"identity_assertion\",\"assertion_type\":\"verified_email\",\"assertion\":null}",
                    "{\"type\":\"identity_assertion\",\"assertion\":\"\"}",
                    "{\"type\":\"identity_assertion\",\"assertion\":\"a.b\"}",
                    "{\"type\":\"identity_assertion\",\"assertion\":\"not a jwt\"}",
                    "{\"type\":\"identity_assertion\",\"assertion\":{}}"
                })
        @DisplayName(
                "not JSON, not an object, missing or ill-typed member, unknown type or assertion_type, malformed JWT")
        void invalidRequest(String body) {
            client().register(body).isIdentityError(400, "invalid_request");
        }
    }

    @Nested
    @DisplayName("Every other error of the list is provoked")
    final class Errors {

        @Test
        void invalidIssuer() {
            client().registerIdJag(idJag().claim("iss", "https://other.example").compact())
                    .isIdentityError(400, "invalid_issuer");
        }

        @Test
        void invalidSignature() {
            client().registerIdJag(idJag().signature(new byte[64]).compact()).isIdentityError(400, "invalid_signature");
        }

        @Test
        void expired() {
            client().registerIdJag(idJag().issuedAt(ProtocolService.START.minusSeconds(100))
                            .expiresAt(ProtocolService.START.minusSeconds(60))
                            .compact())
                    .isIdentityError(400, "expired");
        }

        @Test
        void invalidAudience() {
            client().registerIdJag(provider().idJag("https://other.example").compact())
                    .isIdentityError(400, "invalid_audience");
        }

        @Test
        void invalidTarget() {
            client().registerIdJag(
                            idJag().claim("resource", "https://other.example").compact())
                    .isIdentityError(400, "invalid_target");
        }

        @Test
        void invalidClientId() {
            client().registerIdJag(idJag().claim("client_id", "other").compact())
                    .isIdentityError(400, "invalid_client_id");
        }

        @Test
        void replayDetected() {
            String presented = idJag().compact();
            client().registerIdJag(presented).hasStatus(200);

            client().registerIdJag(presented).isIdentityError(400, "replay_detected");
        }

        @Test
        void missingVerifiedEmail() {
            client().registerIdJag(idJag().without("email", "email_verified").compact())
                    .isIdentityError(400, "missing_verified_email");
        }

        @Test
        void interactionRequired() {
            service().users.add(User.of("u1", ADA));
            Answer answer = client().registerIdJag(idJag().compact()).isInteractionRequired();

            assertThat(answer.string("registration_type")).isEqualTo("agent-provider");
            assertThat(answer.string("claim_url")).isEqualTo(service().issuer() + "/agent/identity/claim");
            assertThat(answer.string("claim_token")).startsWith("clm_");
            assertThat(answer.time("claim_token_expires")).isEqualTo(ProtocolService.START.plus(Duration.ofHours(24)));
            assertThat(answer.strings("post_claim_scopes"))
                    .containsExactly(ProtocolService.READ, ProtocolService.WRITE, ProtocolService.ADMIN);
        }

        @Test
        void userNotFound() {
            startService(options -> options.configure(builder -> builder.newUsers(NewUserPolicy.REFUSE)));

            client().registerIdJag(idJag().compact()).isIdentityError(403, "user_not_found");
        }

        @Test
        void rateLimited() {
            startService(ProtocolService.Options::limited);
            for (int i = 0; i < 5; i++) {
                client().registerAnonymously().hasStatus(200);
            }

            client().registerAnonymously().isIdentityError(429, "rate_limited").isNotStored();
        }
    }

    @Nested
    @DisplayName("T55: mass assignment")
    final class MassAssignment {

        @Test
        void internalNamesInARequestChangeNothing() {
            List<String> internal = new ArrayList<>();
            for (String name : List.of(
                    "user_id",
                    "userId",
                    "status",
                    "scopes",
                    "scope",
                    "pre_claim_scopes",
                    "claimed_at",
                    "claimedAt",
                    "epoch",
                    "version",
                    "registration_id",
                    "id",
                    "kind",
                    "registration_type",
                    "claim_token",
                    "provider",
                    "revoked_at",
                    "step_up_user_id",
                    "stepUpUserId",
                    "recipient",
                    "claim",
                    "sub",
                    "iss",
                    "__proto__",
                    "class",
                    "@type")) {
                internal.add("\"" + name + "\":\"claimed things.admin u1\"");
            }
            String extra = "{" + String.join(",", internal) + ",";
            service().users.add(User.of("u1", BOB));

            Answer answer = client().register(json("type", "anonymous").replaceFirst("\\{", extra))
                    .hasStatus(200);
            Registered agent = Registered.of(answer);
            assertThat(answer.string("registration_type")).isEqualTo("anonymous");
            assertThat(agent.id()).startsWith("reg_");
            assertThat(client().exchange(agent.assertion()).string("scope")).isEqualTo(ProtocolService.READ);

            String claimExtra = extra.replaceFirst("\"claim_token\":\"[^\"]*\",", "");
            client().postJson(
                            "/agent/identity/claim",
                            json("claim_token", agent.claimToken(), "email", ADA)
                                    .replaceFirst("\\{", claimExtra))
                    .hasStatus(200);
            String link = service().mail.newestToken();
            assertThat(service().mail.newest().recipient()).isEqualTo(ADA);
            String code = client().postJson(
                            "/agent/identity/claim/attempt/challenge",
                            json("claim_attempt_token", link).replaceFirst("\\{", extra))
                    .hasStatus(200)
                    .string("challenge");
            assertThat(client().callApi(token(agent.assertion())).json().has("user_id"))
                    .isFalse();
            client().postJson(
                            "/agent/identity/claim/complete",
                            json("claim_token", agent.claimToken(), "otp", code).replaceFirst("\\{", claimExtra))
                    .hasStatus(200);
            assertThat(client().callApi(token(agent.assertion())).string("user_id"))
                    .isNotEqualTo("u1");
        }

        @Test
        void internalNamesInAnIdJagChangeNothing() {
            FakeProvider provider = provider();
            service().users.add(User.of("u1", BOB));
            Registered agent = registerIdJag(provider.idJag(service().issuer())
                    .claim("user_id", "u1")
                    .claim("registration_id", "reg_other")
                    .claim("epoch", 7)
                    .claim("scopes", List.of("root"))
                    .claim("status", "claimed")
                    .claim("act", Map.of("sub", "u1")));

            assertThat(agent.id()).isNotEqualTo("reg_other");
            assertThat(client().callApi(token(agent.assertion())).string("user_id"))
                    .isNotEqualTo("u1");
        }
    }
}
