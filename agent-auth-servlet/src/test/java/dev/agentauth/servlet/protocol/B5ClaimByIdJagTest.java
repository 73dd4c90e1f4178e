package dev.agentauth.servlet.protocol;

import static dev.agentauth.servlet.protocol.Client.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.config.ExistingUserPolicy;
import dev.agentauth.config.NewUserPolicy;
import dev.agentauth.registration.Registration;
import dev.agentauth.registration.RegistrationKind;
import dev.agentauth.registration.RegistrationStatus;
import dev.agentauth.spi.LogoutMarks;
import dev.agentauth.spi.RegistrationStore;
import dev.agentauth.spi.User;
import dev.agentauth.testkit.FakeProvider;
import dev.agentauth.testkit.ProviderJwt;
import dev.agentauth.testkit.Race;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("B5. POST /agent/identity/claim by ID-JAG")
final class B5ClaimByIdJagTest extends ProtocolTest {

    private Answer claim(String claimToken, String idJag) {
        return client().postJson(
                        "/agent/identity/claim",
                        json("type", "identity_assertion", "claim_token", claimToken, "assertion", idJag));
    }

    private Answer claim(Registered agent, ProviderJwt idJag) {
        return claim(agent.claimToken(), idJag.compact());
    }

    private String isClaimed(Answer answer, Registered agent) {
        answer.isOkWith(
                        "registration_id",
                        "registration_type",
                        "id",
                        "type",
                        "status",
                        "identity_assertion",
                        "assertion_expires",
                        "identity",
                        "scopes")
                .isNotStored();
        assertThat(answer.string("registration_id")).isEqualTo(agent.id());
        assertThat(answer.string("id")).isEqualTo(agent.id());
        assertThat(answer.string("registration_type")).isEqualTo("identity_assertion");
        assertThat(answer.string("type")).isEqualTo("identity_assertion");
        assertThat(answer.string("status")).isEqualTo("claimed");
        assertThat(answer.json().path("identity").path("assertion").asText())
                .isEqualTo(answer.string("identity_assertion"));
        assertThat(answer.json().path("identity").has("refresh_token"))
                .as("what a provider vouches for never gets a refresh token")
                .isFalse();
        return answer.string("identity_assertion");
    }

    private Registration stored(Registered agent) {
        return service().registrations.findById(agent.id()).orElseThrow();
    }

    private String owner(String assertion) {
        return client().callApi(token(assertion)).hasStatus(200).string("user_id");
    }

    private User existing(String id, String address) {
        User user = User.of(id, address);
        service().users.add(user);
        return user;
    }

    @Nested
    @DisplayName("A clean match claims at once")
    final class Clean {

        @Test
        @DisplayName("200 with the registration's members, status claimed, a new assertion, epoch raised")
        void claimsAtOnce() {
            Registered agent = registerAnonymously();
            String before = token(agent.assertion());

            Answer answer = claim(agent, idJag());

            String assertion = isClaimed(answer, agent);
            assertThat(answer.strings("scopes"))
                    .containsExactly(ProtocolService.READ, ProtocolService.WRITE, ProtocolService.ADMIN);
            assertThat(owner(assertion)).isNotEmpty();
            client().exchange(agent.assertion()).isCredentialError(400, "invalid_grant");
            client().callApi(before).hasStatus(401);
            Registration claimed = stored(agent);
            assertThat(claimed.kind()).isEqualTo(RegistrationKind.ANONYMOUS);
            assertThat(claimed.epoch()).isEqualTo(1);
            assertThat(claimed.provider().identity().subject()).isEqualTo("person-1");
            assertThat(service().mail.links()).isEmpty();
            assertThat(service().audit.newest("claim.confirmed").fields())
                    .containsEntry("iss", provider().issuer())
                    .containsEntry("sub", "person-1");
            assertThat(service().audit.newest("assertion.issued").registrationId())
                    .isEqualTo(agent.id());
        }

        @Test
        @DisplayName("… for the user that the identity is linked to")
        void claimsForTheLinkedUser() {
            Registered linked = registerIdJag(idJag());
            Registered agent = registerAnonymously();

            String assertion = isClaimed(claim(agent, idJag()), agent);

            assertThat(owner(assertion)).isEqualTo(owner(linked.assertion()));
            assertThat(service()
                            .registrations
                            .findById(linked.id())
                            .orElseThrow()
                            .epoch())
                    .isZero();
        }

        @Test
        @DisplayName("counts as its identity's link in A9 step 1, beside A3's one-per-identity rule")
        void countsAsLink() {
            Registered agent = registerAnonymously();
            String user = owner(isClaimed(claim(agent, idJag()), agent));

            Registered presented = registerIdJag(idJag());

            assertThat(presented.id()).isNotEqualTo(agent.id());
            assertThat(owner(presented.assertion())).isEqualTo(user);
            Registered another = registerAnonymously();
            assertThat(owner(isClaimed(claim(another, idJag().email(BOB)), another)))
                    .isEqualTo(user);
        }

        @Test
        @DisplayName("an attempt in flight does not stand in the way; its link then says so")
        void attemptInFlightDoesNotStandInTheWay() {
            Registered agent = registerAnonymously();
            String link = invite(agent, BOB);
            String code = reveal(link);

            String user = owner(isClaimed(claim(agent, idJag()), agent));

            client().complete(agent.claimToken(), code).isIdentityError(409, "previously_claimed");
            client().challenge(link).isIdentityError(409, "claim_completed");
            assertThat(service().users.findByVerifiedEmail(BOB)).isEmpty();
            assertThat(user).isEqualTo(stored(agent).userId());
        }

        @Test
        @DisplayName("the assertion is narrowed by the ID-JAG's scope, and another one is not")
        void scopeNarrowsThisAssertion() {
            Registered agent = registerAnonymously();

            Answer narrow = claim(agent, idJag().claim("scope", ProtocolService.READ));

            assertThat(narrow.strings("scopes")).containsExactly(ProtocolService.READ);
            assertThat(client().exchange(isClaimed(narrow, agent)).string("scope"))
                    .isEqualTo(ProtocolService.READ);
            assertThat(claim(agent, idJag()).strings("scopes")).hasSize(3);
        }

        @Test
        @DisplayName("an existing user who is linked by policy is told")
        void linkPolicyClaimsAndTells() {
            startService(options -> options.configure(builder -> builder.existingUsers(ExistingUserPolicy.LINK)));
            User ada = existing("user-ada", ADA);
            Registered agent = registerAnonymously();

            assertThat(owner(isClaimed(claim(agent, idJag()), agent))).isEqualTo(ada.id());
        }
    }

    @Nested
    @DisplayName("Claimed already")
    final class Again {

        @Test
        @DisplayName("with this very identity: 200 again with a fresh assertion")
        void sameIdentity() {
            Registered agent = registerAnonymously();
            String first = isClaimed(claim(agent, idJag()), agent);

            String second = isClaimed(claim(agent, idJag()), agent);

            assertThat(second).isNotEqualTo(first);
            assertThat(owner(first)).isEqualTo(owner(second));
            assertThat(stored(agent).epoch()).isEqualTo(1);
        }

        @Test
        @DisplayName("with another one, or otherwise: 409 claimed_or_in_flight")
        void anotherIdentityOrOtherwise() {
            Registered byWord = registerAnonymously();
            isClaimed(claim(byWord, idJag()), byWord);
            claim(byWord, idJag().subject("person-2").email(BOB)).isIdentityError(409, "claimed_or_in_flight");
            claim(byWord, idJag().claim("tenant", "acme")).isIdentityError(409, "claimed_or_in_flight");

            Registered byCode = registerAnonymously();
            claim(byCode, BOB);
            claim(byCode, idJag()).isIdentityError(409, "claimed_or_in_flight");
        }

        private void claim(Registered agent, String address) {
            B5ClaimByIdJagTest.super.claim(agent, address);
        }

        private Answer claim(Registered agent, ProviderJwt idJag) {
            return B5ClaimByIdJagTest.this.claim(agent, idJag);
        }

        @Test
        @DisplayName("anonymous only, else 409 claimed_or_in_flight; and the ID-JAG is not spent")
        void anonymousOnly() {
            Registered email = registerEmail(BOB);
            String unspent = idJag().compact();

            B5ClaimByIdJagTest.this.claim(email.claimToken(), unspent).isIdentityError(409, "claimed_or_in_flight");

            Registered agent = registerAnonymously();
            isClaimed(B5ClaimByIdJagTest.this.claim(agent.claimToken(), unspent), agent);
        }

        @Test
        void whateverHasEndedIsOver() {
            B5ClaimByIdJagTest.this
                    .claim("clm_" + "x".repeat(32), idJag().compact())
                    .isIdentityError(401, "invalid_claim_token");
            Registered expired = registerAnonymously();
            service().clock.advance(Duration.ofDays(1));
            claim(expired, idJag()).isIdentityError(410, "claim_expired");
            Registered revoked = registerAnonymously();
            service().auth.revokeRegistration(revoked.id());
            Answer answer = claim(revoked, idJag()).isIdentityError(410, "claim_expired");
            assertThat(answer.string("code")).isEqualTo("claim_revoked");
        }
    }

    @Nested
    @DisplayName("A match that has to be confirmed starts an attempt at that user's address on file")
    final class Confirmed {

        @Test
        @DisplayName("(answer of /claim); completing claims the registration for that user and links nothing")
        void startsAnAttemptThatLinksNothing() {
            User ada = existing("user-ada", ADA);
            Registered agent = registerAnonymously();

            Answer started = claim(agent, idJag());

            started.hasStatus(200);
            assertThat(started.string("status")).isEqualTo("initiated");
            assertThat(started.string("registration_id")).isEqualTo(agent.id());
            assertThat(started.string("claim_attempt_id")).startsWith("cla_");
            assertThat(started.json().has("identity_assertion")).isFalse();
            assertThat(service().mail.newest().recipient()).isEqualTo(ADA);
            assertThat(stored(agent).provider()).isNull();
            assertThat(client().callApi(token(agent.assertion()))
                            .hasStatus(200)
                            .json()
                            .has("user_id"))
                    .isFalse();

            String code = reveal(service().mail.newestToken());
            client().complete(agent.claimToken(), code).hasStatus(200);

            assertThat(stored(agent).userId()).isEqualTo(ada.id());
            assertThat(stored(agent).provider()).isNull();
            // The identity is linked by its own step-up, on a page that names its provider.
            client().registerIdJag(idJag().compact()).isInteractionRequired();
        }

        @Test
        @DisplayName("… under sign-in that user alone can answer, and nothing is mailed")
        void underSignIn() {
            CookieSignIn signIn = new CookieSignIn();
            startService(options -> options.signIn(signIn));
            existing("user-ada", ADA);
            existing("user-bob", BOB);
            Registered agent = registerAnonymously();

            String uri = claim(agent, idJag())
                    .hasStatus(200)
                    .json()
                    .path("attempt")
                    .path("verification_uri")
                    .asText();
            String link = uri.substring(uri.indexOf('=') + 1);
            Secrets.note(link);

            assertThat(link).startsWith("svt_");
            assertThat(service().mail.links()).isEmpty();
            String path = "/agent/identity/claim/view?token=" + link;
            client().get(path, signIn.signIn("user-bob").cookie()).hasStatus(403);
            String[] ada = signIn.signIn("user-ada").cookie();
            String code = new Page(client().get(path, ada))
                    .revealForm()
                    .submit(client(), ada)
                    .code();
            client().complete(agent.claimToken(), code).hasStatus(200);
            assertThat(stored(agent).userId()).isEqualTo("user-ada");
            assertThat(stored(agent).provider()).isNull();
        }

        @Test
        @DisplayName("… and it can be completed by typing, which links nothing either")
        void byTyping() {
            existing("user-ada", ADA);
            Registered agent = registerAnonymously();
            String userCode = claim(agent, idJag())
                    .hasStatus(200)
                    .json()
                    .path("claim_attempt")
                    .path("user_code")
                    .asText();

            client().type(service().mail.newestToken(), userCode).hasStatus(200);

            Answer collected = client().poll(agent.claimToken()).hasStatus(200);
            assertThat(client().callApi(collected.string("access_token")).string("user_id"))
                    .isEqualTo("user-ada");
            assertThat(stored(agent).provider()).isNull();
        }

        @Test
        @DisplayName("claimed on the provider's word meanwhile: polling has nothing to collect")
        void pollingAfterACleanMatch() {
            Registered agent = registerAnonymously();
            invite(agent, BOB);
            client().poll(agent.claimToken()).isCredentialError(400, "authorization_pending");

            isClaimed(claim(agent, idJag()), agent);

            client().poll(agent.claimToken()).isCredentialError(400, "expired_token");
        }

        @Test
        @DisplayName("again while the link is good: the same attempt, no second mail")
        void repeat() {
            existing("user-ada", ADA);
            Registered agent = registerAnonymously();
            String first = claim(agent, idJag()).hasStatus(200).string("claim_attempt_id");

            assertThat(claim(agent, idJag()).hasStatus(200).string("claim_attempt_id"))
                    .isEqualTo(first);
            assertThat(service().mail.links()).hasSize(1);
        }

        @Test
        @DisplayName("the step-ups' mail limit: strangers who spent the other one do not matter")
        void stepUpsLimit() {
            startService(options -> options.limited());
            existing("user-ada", ADA);
            Registered agent = registerAnonymously();
            for (int i = 0; i < 5; i++) {
                client().registerEmail(ADA).hasStatus(200);
            }
            client().registerEmail(ADA).isIdentityError(429, "rate_limited");

            claim(agent, idJag()).hasStatus(200);
        }

        @Test
        @DisplayName("the user being inactive, refused by policy, or without an address: 403 user_not_found")
        void nobody() {
            service().users.add(new User("user-ada", false, ADA));
            Registered agent = registerAnonymously();
            claim(agent, idJag()).isIdentityError(403, "user_not_found");

            startNext(builder -> builder.existingUsers(ExistingUserPolicy.REFUSE), true);
            startNext(builder -> builder.newUsers(NewUserPolicy.REFUSE), false);
        }

        private void startNext(java.util.function.Consumer<dev.agentauth.AgentAuthBuilder> policy, boolean known) {
            ProtocolService other = startService(options -> options.configure(policy));
            if (known) {
                other.users.add(User.of("user-ada", ADA));
            }
            Registered agent = Registered.of(other.client.registerAnonymously());
            other.client
                    .postJson(
                            "/agent/identity/claim",
                            json(
                                    "type",
                                    "identity_assertion",
                                    "claim_token",
                                    agent.claimToken(),
                                    "assertion",
                                    other.provider.idJag(other.issuer()).compact()))
                    .isIdentityError(403, "user_not_found");
        }
    }

    @Nested
    @DisplayName("verified as A8, A7's order of work included")
    final class Verified {

        @Test
        void errorsOfAnIdJag() {
            Registered agent = registerAnonymously();
            claim(agent, idJag().claim("iss", "https://other.example")).isIdentityError(400, "invalid_issuer");
            claim(agent, idJag().signature(new byte[64])).isIdentityError(400, "invalid_signature");
            claim(agent, idJag().claim("aud", "https://other.example")).isIdentityError(400, "invalid_audience");
            claim(agent, idJag().claim("client_id", "other")).isIdentityError(400, "invalid_client_id");
            claim(agent, idJag().claim("resource", "https://other.example")).isIdentityError(400, "invalid_target");
            claim(agent, idJag().claim("email_verified", false)).isIdentityError(400, "missing_verified_email");
            claim(agent, idJag().expiresAt(service().clock.instant().minusSeconds(60)))
                    .isIdentityError(400, "expired");
            assertThat(claim(agent, idJag().claim("auth_time", 1))
                            .hasStatus(401)
                            .string("error"))
                    .isEqualTo("login_required");
            claim(agent, logoutOf("person-1")).isIdentityError(400, "invalid_request");
            String once = idJag().compact();
            claim(agent.claimToken(), once).hasStatus(200);
            claim(agent.claimToken(), once).isIdentityError(400, "replay_detected");
            client().registerIdJag(once).isIdentityError(400, "replay_detected");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{\"type\":\"identity_assertion\"}",
                    "{\"type\":\"identity_assertion\",\"claim_token\":\"CLAIM\"}",
                    "{\"type\":\"identity_assertion\",\"claim_token\":\"CLAIM\",\"assertion\":7}",
                    "{\"type\":\"identity_assertion\",\"claim_token\":\"CLAIM\",\"assertion\":\"\"}",
                    "{\"type\":\"identity_assertion\",\"claim_token\":\"CLAIM\",\"assertion\":\"a.b.c\"}",
                    "{\"type\":\"identity_assertion\",\"claim_token\":\"CLAIM\",\"assertion_type\":\"verified_email\",\"assertion\":\"x\"}",
                    "{\"type\":\"identity\",\"claim_token\":\"CLAIM\",\"assertion\":\"x\"}"
                })
        @DisplayName("Another type is invalid_request, and so is what lacks a member")
        void malformed(String body) {
            Registered agent = registerAnonymously();

            client().postJson("/agent/identity/claim", body.replace("CLAIM", agent.claimToken()))
                    .isIdentityError(400, "invalid_request");
        }

        @Test
        void withoutProviders() {
            startService(ProtocolService.Options::trustingNobody);
            Registered agent = registerAnonymously();

            Answer answer = claim(agent, idJag()).isIdentityError(400, "id_jag_not_enabled");
            assertThat(answer.string("code")).isEqualTo("issuer_not_enabled");
        }

        @Test
        @DisplayName("A7 ends it too")
        void logoutAndEventEndIt() {
            Registered one = registerAnonymously();
            String first = isClaimed(claim(one, idJag()), one);
            client().logout(logoutOf("person-1").compact()).hasStatus(200);
            client().exchange(first).isCredentialError(400, "invalid_grant");
            assertThat(stored(one).status(service().clock.instant())).isEqualTo(RegistrationStatus.REVOKED);

            Registered two = registerAnonymously();
            String second = isClaimed(claim(two, idJag().subject("person-2").email(BOB)), two);
            client().notify(eventAbout("person-2").compact()).hasStatus(202);
            client().exchange(second).isCredentialError(400, "invalid_grant");
        }

        @Test
        @DisplayName("a logout from before ends the epoch alone, where the identity was presented since")
        void earlierLogoutRaisesTheEpoch() {
            Registered agent = registerAnonymously();
            long start = service().clock.instant().getEpochSecond();
            String first = isClaimed(claim(agent, idJag()), agent);
            service().clock.advance(Duration.ofSeconds(10));
            isClaimed(claim(agent, idJag()), agent);

            client().logout(logoutOf("person-1").claim("iat", start + 5).compact())
                    .hasStatus(200);

            client().exchange(first).isCredentialError(400, "invalid_grant");
            owner(isClaimed(claim(agent, idJag()), agent));
        }

        @Test
        @DisplayName("an unspent ID-JAG from before a logout claims nothing")
        void unspentFromBeforeALogout() {
            Registered agent = registerAnonymously();
            String unspent = idJag().compact();
            client().logout(logoutOf("person-1").compact()).hasStatus(200);

            claim(agent.claimToken(), unspent).isIdentityError(400, "expired");
            assertThat(stored(agent).claimedAt()).isNull();
        }

        @Test
        @DisplayName("a provider that left the trust list: refused at every use")
        void providerThatLeft() {
            Registered agent = registerAnonymously();
            String assertion = isClaimed(claim(agent, idJag()), agent);

            service().trustOnly();

            client().exchange(assertion).isCredentialError(400, "invalid_grant");
        }

        @ParameterizedTest
        @ValueSource(classes = {RegistrationStore.class, LogoutMarks.class})
        void portDownIs503AndAFreshIdJagSucceedsAfterwards(Class<?> port) {
            Registered agent = registerAnonymously();
            service().wiretap.down(port);
            claim(agent, idJag()).isIdentityError(503, "temporarily_unavailable");

            service().wiretap.up();
            isClaimed(claim(agent, idJag()), agent);
        }
    }

    @Nested
    @DisplayName("Threats")
    final class Threats {

        @Test
        @DisplayName("T67: an ID-JAG and an ordinary attempt for a victim, in any order: no identity is linked")
        void t67_confirmationLinksNothing() {
            User ada = existing("user-ada", ADA);
            List<List<String>> orders = List.of(
                    List.of("word", "mail"), List.of("mail", "word"), List.of("word", "mail", "word"), List.of("word"));
            for (List<String> order : orders) {
                service().clock.advance(Duration.ofHours(1));
                Registered agent = registerAnonymously();
                for (String step : order) {
                    if (step.equals("mail")) {
                        client().startClaim(agent.claimToken(), ADA).hasStatus(200);
                    } else {
                        claim(agent, idJag()).hasStatus(200);
                    }
                }
                client().complete(agent.claimToken(), reveal(service().mail.newestToken()))
                        .hasStatus(200);

                assertThat(stored(agent).userId()).isEqualTo(ada.id());
                assertThat(stored(agent).provider())
                        .as("linked after %s", order)
                        .isNull();
                client().registerIdJag(idJag().subject("attacker-" + order).compact())
                        .isInteractionRequired();
            }
        }

        @Test
        @DisplayName("T68: a thief of a claim token claims with his own ID-JAG: the victim's agent never works for him")
        void t68_theVictimsAgentStopsAndNeverWorksForTheThief() {
            Registered victims = registerAnonymously();
            String token = token(victims.assertion());

            String thiefs = isClaimed(claim(victims, idJag().subject("thief").email("thief@example.com")), victims);

            client().exchange(victims.assertion()).isCredentialError(400, "invalid_grant");
            client().callApi(token).hasStatus(401);
            client().startClaim(victims.claimToken(), ADA).isIdentityError(409, "claimed_or_in_flight");
            claim(victims, idJag()).isIdentityError(409, "claimed_or_in_flight");
            assertThat(owner(thiefs)).isEqualTo(stored(victims).userId());
        }

        @Test
        @DisplayName("T69: claiming by ID-JAG races presenting the same identity: one user")
        void t69_oneUserPerIdentity() {
            for (int round = 0; round < 8; round++) {
                String subject = "s-" + round;
                String address = "s" + round + "@example.com";
                FakeProvider provider = provider();
                Registered agent = registerAnonymously();
                Registered other = registerAnonymously();
                List<Answer> answers = Race.run(3, i -> {
                    ProviderJwt idJag =
                            provider.idJag(service().issuer()).subject(subject).email(address);
                    return i == 0 ? client().registerIdJag(idJag.compact()) : claim(i == 1 ? agent : other, idJag);
                });
                Set<String> users = new TreeSet<>();
                for (Answer answer : answers) {
                    users.add(owner(answer.hasStatus(200).string("identity_assertion")));
                }
                assertThat(users).hasSize(1);
            }
        }

        @Test
        @DisplayName("T69: two users by one identity: the one of kind provider counts, else the oldest claim")
        void t69_tieBreak() {
            existing("user-ada", ADA);
            Registered waiting = stepUp(idJag());
            String link = service().mail.newestToken();
            Registered first = registerAnonymously();
            String older = owner(isClaimed(claim(first, idJag().email("x@example.com")), first));
            service().clock.advance(Duration.ofSeconds(1));
            assertThat(older).isNotEqualTo("user-ada");

            Registered second = registerAnonymously();
            assertThat(owner(isClaimed(claim(second, idJag().email("y@example.com")), second)))
                    .isEqualTo(older);

            client().complete(waiting.claimToken(), reveal(link)).hasStatus(200);
            Registered third = registerAnonymously();
            assertThat(owner(isClaimed(claim(third, idJag().email("z@example.com")), third)))
                    .isEqualTo("user-ada");
        }
    }
}
