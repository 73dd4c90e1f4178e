package dev.agentauth.servlet.protocol;

import static dev.agentauth.servlet.protocol.Client.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.agentauth.AgentAuth;
import dev.agentauth.memory.InMemoryUserDirectory;
import dev.agentauth.servlet.ClientAddress;
import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.User;
import dev.agentauth.testkit.Race;
import jakarta.servlet.http.HttpFilter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** That no event ever holds a secret or a full address is judged after each test of all classes. */
@DisplayName("A11. Audit events (id, time, client address, registration id and the named fields; never a secret)")
final class A11AuditTest extends ProtocolTest {
    private static final Map<String, String> PROVIDER_WORDS =
            Map.of("sub", "person-1", "agent_platform", "Agent Cloud", "agent_context_id", "ctx-42");

    private AuditEvent newest(String name) {
        return service().audit.newest(name);
    }

    private AuditEvent isAbout(AuditEvent event, String registrationId) {
        assertThat(event.id()).isNotEmpty();
        assertThat(event.time()).isEqualTo(service().clock.instant());
        assertThat(event.clientAddress()).isEqualTo("127.0.0.1");
        assertThat(event.registrationId()).isEqualTo(registrationId);
        return event;
    }

    private String wordyIdJag() {
        return idJag().claim("agent_platform", "Agent Cloud")
                .claim("agent_context_id", "ctx-42")
                .compact();
    }

    @Nested
    @DisplayName("registration.created, assertion.issued")
    final class Registering {

        @Test
        void anonymous() {
            Registered agent = registerAnonymously();

            assertThat(service().audit.names()).containsExactly("registration.created", "assertion.issued");
            assertThat(isAbout(newest("registration.created"), agent.id()).fields())
                    .containsEntry("kind", "anonymous");
            isAbout(newest("assertion.issued"), agent.id());
        }

        @Test
        void email() {
            Registered agent = registerEmail(ADA);

            assertThat(service().audit.names()).containsExactly("registration.created", "claim.requested");
            assertThat(isAbout(newest("registration.created"), agent.id()).fields())
                    .containsEntry("kind", "email");
            isAbout(newest("claim.requested"), agent.id());
        }

        @Test
        @DisplayName("For provider flows also iss, sub, agent_platform, agent_context_id")
        void byIdJag() {
            Registered agent =
                    Registered.of(client().registerIdJag(wordyIdJag()).hasStatus(200));

            for (String name : List.of("registration.created", "assertion.issued")) {
                assertThat(isAbout(newest(name), agent.id()).fields())
                        .containsEntry("iss", provider().issuer())
                        .containsAllEntriesOf(PROVIDER_WORDS);
            }
        }

        @Test
        void presentingAgainIssuesAndCreatesNothing() {
            client().registerIdJag(wordyIdJag()).hasStatus(200);
            client().registerIdJag(wordyIdJag()).hasStatus(200);

            assertThat(service().audit.of("registration.created")).hasSize(1);
            assertThat(service().audit.of("assertion.issued"))
                    .hasSize(2)
                    .allSatisfy(event -> assertThat(event.fields()).containsAllEntriesOf(PROVIDER_WORDS));
        }

        @Test
        void stepUpIssuesNoAssertionBeforeItIsCompleted() {
            service().users.add(User.of("u1", ADA));
            Registered agent =
                    Registered.of(client().registerIdJag(wordyIdJag()).isInteractionRequired());

            assertThat(service().audit.names()).containsExactly("registration.created", "claim.requested");
            assertThat(isAbout(newest("registration.created"), agent.id()).fields())
                    .containsEntry("iss", provider().issuer())
                    .containsAllEntriesOf(PROVIDER_WORDS);
            completeMailed(agent);
            isAbout(newest("assertion.issued"), agent.id());
        }

        @Test
        @DisplayName("length-limited; they are the provider's words")
        void providersWordsAreCut() {
            String endless = "w".repeat(3000);
            client().registerIdJag(idJag().claim("agent_platform", endless)
                            .claim("agent_context_id", endless)
                            .subject("s".repeat(1000))
                            .compact())
                    .hasStatus(200);

            for (String name : List.of("registration.created", "assertion.issued")) {
                assertThat(newest(name).fields().values())
                        .allSatisfy(value -> assertThat(value).hasSizeLessThanOrEqualTo(256));
                assertThat(newest(name).fields().get("agent_platform")).isNotEmpty();
            }
        }

        @Test
        void wordsThatTheProviderDoesNotSendAreLeftOut() {
            registerIdJag(idJag());

            assertThat(newest("registration.created").fields())
                    .doesNotContainKeys("agent_platform", "agent_context_id");
        }
    }

    @Nested
    @DisplayName("claim.requested, otp.generated, otp.failed, claim.confirmed, claim.rejected")
    final class Claiming {

        @Test
        void eachStepOfTheCeremony() {
            Registered agent = registerAnonymously();
            String link = invite(agent, ADA);
            isAbout(newest("claim.requested"), agent.id());
            String code = reveal(link);
            isAbout(newest("otp.generated"), agent.id());
            client().complete(agent.claimToken(), other(code)).isIdentityError(401, "otp_invalid");
            isAbout(newest("otp.failed"), agent.id());
            client().complete(agent.claimToken(), code).hasStatus(200);
            isAbout(newest("claim.confirmed"), agent.id());

            assertThat(service().audit.names())
                    .containsExactly(
                            "registration.created",
                            "assertion.issued",
                            "claim.requested",
                            "otp.generated",
                            "otp.failed",
                            "claim.confirmed");
        }

        @Test
        void rejection() {
            Registered agent = registerAnonymously();
            client().reject(invite(agent, ADA)).hasStatus(200);
            isAbout(newest("claim.rejected"), agent.id());
            assertThat(service().audit.of("registration.revoked")).isEmpty();

            Registered byEmail = registerEmail(BOB);
            client().reject(service().mail.newestToken()).hasStatus(200);
            isAbout(newest("claim.rejected"), byEmail.id());
            isAbout(newest("registration.revoked"), byEmail.id());
        }

        @Test
        void recipientIsNotWrittenOut() {
            invite(registerAnonymously(), "charlotte.bronte@example.com");

            assertThat(newest("claim.requested").toString())
                    .doesNotContain("charlotte.bronte@")
                    .doesNotContain("charlotte");
        }

        @Test
        void repeatThatMailsNothingIsNoEvent() {
            Registered agent = registerAnonymously();
            invite(agent, ADA);
            client().startClaim(agent.claimToken(), ADA).hasStatus(200);

            assertThat(service().audit.of("claim.requested")).hasSize(1);
        }

        @Test
        void mailThatWasNotAcceptedIsNoRequest() {
            service().mail.down(true);
            client().startClaim(registerAnonymously().claimToken(), ADA).hasStatus(503);

            assertThat(service().audit.of("claim.requested")).isEmpty();
        }

        @Test
        void otpThatIsNotSixDigitsIsNoFailedOne() {
            Registered agent = registerAnonymously();
            reveal(invite(agent, ADA));
            client().complete(agent.claimToken(), "12345").isIdentityError(400, "invalid_request");

            assertThat(service().audit.of("otp.failed")).isEmpty();
        }
    }

    @Nested
    @DisplayName("token.issued, token.revoked")
    final class Tokens {

        @Test
        void issuedAndRevoked() {
            Registered agent = registerAnonymously();
            String token = token(agent.assertion());
            isAbout(newest("token.issued"), agent.id());
            client().revoke(token).hasStatus(200);
            isAbout(newest("token.revoked"), agent.id());
        }

        @Test
        void nothingHappensToAnUnknownTokenNorAtARefusedExchange() {
            client().revoke("at_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").hasStatus(200);
            client().exchange("a.b.c").isCredentialError(400, "invalid_grant");

            assertThat(service().audit.events()).isEmpty();
        }
    }

    @Nested
    @DisplayName("registration.expired (once, by the purge)")
    final class Expiring {

        @Test
        void afterOneFurtherLifetimeAndOnlyOnce() {
            Registered agent = registerAnonymously();
            service().clock.advance(Duration.ofDays(2).minusMillis(1));
            service().auth.purge();
            assertThat(service().audit.of("registration.expired")).isEmpty();

            service().clock.advance(Duration.ofMillis(1));
            service().auth.purge();
            service().auth.purge();
            assertThat(service().audit.of("registration.expired"))
                    .singleElement()
                    .satisfies(event -> {
                        assertThat(event.registrationId()).isEqualTo(agent.id());
                        assertThat(event.time()).isEqualTo(service().clock.instant());
                    });
        }

        @Test
        void ofEveryKindThatNobodyClaimed() {
            service().users.add(User.of("u1", ADA));
            List<String> ids = List.of(
                    registerAnonymously().id(),
                    registerEmail(BOB).id(),
                    stepUp(idJag()).id());
            service().clock.advance(Duration.ofDays(2));
            service().auth.purge();

            assertThat(service().audit.of("registration.expired"))
                    .extracting(AuditEvent::registrationId)
                    .containsExactlyInAnyOrderElementsOf(ids);
        }

        @Test
        void replicasThatPurgeAtOnceTellItOnce() {
            ProtocolService replica = startService(options -> options.replicaOf(service()));
            for (int i = 0; i < 600; i++) {
                client().registerAnonymously().hasStatus(200);
            }
            service().clock.advance(Duration.ofDays(2));
            Race.run(64, number -> (number % 2 == 0 ? service() : replica).auth.purge());

            assertThat(service().audit.of("registration.expired"))
                    .extracting(AuditEvent::registrationId)
                    .hasSize(600)
                    .doesNotHaveDuplicates();
        }

        @Test
        void claimedAndRevokedOnesDoNotExpireWhenTheyArePurged() {
            Registered claimed = registerAnonymously();
            claim(claimed, ADA);
            service().auth.revokeRegistration(registerAnonymously().id());
            service().clock.advance(Duration.ofDays(365));
            assertThat(service().auth.purge().registrations()).isEqualTo(2);

            assertThat(service().audit.of("registration.expired")).isEmpty();
        }
    }

    @Nested
    @DisplayName("For provider flows also iss, sub")
    final class ProviderFlows {

        @Test
        void everyEventOfAStepUpFromItsMailToItsEnd() {
            service().users.add(User.of("u1", ADA));
            Registered agent = stepUp(idJag());
            String code = reveal(service().mail.newestToken());
            client().complete(agent.claimToken(), other(code)).isIdentityError(401, "otp_invalid");
            String assertion =
                    client().complete(agent.claimToken(), code).hasStatus(200).string("identity_assertion");
            client().revoke(token(assertion)).hasStatus(200);
            client().logout(logoutOf("person-1").compact()).hasStatus(200);

            assertThat(service().audit.names())
                    .containsExactly(
                            "registration.created",
                            "claim.requested",
                            "otp.generated",
                            "otp.failed",
                            "claim.confirmed",
                            "assertion.issued",
                            "token.issued",
                            "token.revoked",
                            "registration.revoked");
            assertThat(service().audit.events())
                    .allSatisfy(event -> assertThat(event.fields())
                            .as(event.type().wireName())
                            .containsEntry("iss", provider().issuer())
                            .containsEntry("sub", "person-1"));
        }
    }

    @Nested
    @DisplayName("registration.revoked")
    final class Revoking {

        @Test
        @DisplayName("by a provider's logout, with iss and sub")
        void byLogout() {
            Registered agent = registerIdJag(idJag());
            client().logout(logoutOf("person-1").compact()).hasStatus(200);

            assertThat(isAbout(newest("registration.revoked"), agent.id()).fields())
                    .containsEntry("iss", provider().issuer())
                    .containsEntry("sub", "person-1");
        }

        @Test
        void onceHoweverOftenTheLogoutComes() {
            registerIdJag(idJag());
            String logout = logoutOf("person-1").compact();
            client().logout(logout).hasStatus(200);
            client().logout(logout).hasStatus(200);
            client().logout(logoutOf("person-1").compact()).hasStatus(200);

            assertThat(service().audit.of("registration.revoked")).hasSize(1);
        }

        @Test
        void byTheFirstOwnProofOfAnAddress() {
            Registered prepared = registerIdJag(idJag());
            completeMailed(registerEmail(ADA));

            isAbout(newest("registration.revoked"), prepared.id());
        }
    }

    @Nested
    @DisplayName("rate_limit.exceeded")
    final class Limits {

        @Test
        void namesTheLimitAndTheClient() {
            ProtocolService limited = startService(
                    options -> options.limited().clientAddress(ClientAddress.fromXForwardedFor("127.0.0.1")));
            for (int i = 0; i < 6; i++) {
                limited.client.postJson("/agent/identity", json("type", "anonymous"), "X-Forwarded-For", "192.0.2.7");
            }

            assertThat(limited.audit.of("rate_limit.exceeded")).singleElement().satisfies(event -> {
                assertThat(event.clientAddress()).isEqualTo("192.0.2.7");
                assertThat(event.time()).isEqualTo(limited.clock.instant());
                assertThat(event.registrationId()).isNull();
                assertThat(event.fields()).containsEntry("limit", "anonymous_per_client");
            });
        }
    }

    @Nested
    @DisplayName("provider.rejected")
    final class Rejecting {

        private AuditEvent isRejected(String error) {
            AuditEvent event = newest("provider.rejected");
            assertThat(event.clientAddress()).isEqualTo("127.0.0.1");
            assertThat(event.time()).isEqualTo(service().clock.instant());
            assertThat(event.fields()).containsEntry("error", error);
            return event;
        }

        @Test
        void everyRefusedJwtOfAProviderSaysWhy() {
            client().registerIdJag(
                            idJag().claim("iss", "https://stranger.example").compact())
                    .hasStatus(400);
            isRejected("invalid_issuer");
            client().registerIdJag(idJag().signature(new byte[64]).compact()).hasStatus(400);
            isRejected("invalid_signature");
            client().registerIdJag(
                            idJag().claim("aud", "https://elsewhere.example").compact())
                    .hasStatus(400);
            isRejected("invalid_audience");
            String replayed = idJag().compact();
            client().registerIdJag(replayed).hasStatus(200);
            client().registerIdJag(replayed).hasStatus(400);
            isRejected("replay_detected");
            client().logout(logoutOf("x").claim("nonce", "n").compact()).hasStatus(400);
            isRejected("invalid_request");

            assertThat(service().audit.of("provider.rejected")).hasSize(5);
        }

        @Test
        @DisplayName("For provider flows also iss: whose JWT it was, where that provider is trusted")
        void namesTheTrustedIssuer() {
            client().registerIdJag(
                            idJag().claim("aud", "https://elsewhere.example").compact())
                    .hasStatus(400);

            assertThat(newest("provider.rejected").fields())
                    .containsEntry("iss", provider().issuer());
        }

        @Test
        void wordsOfAStrangerAreNotWrittenDownAtLength() {
            client().registerIdJag(idJag().claim("iss", "https://" + "s".repeat(5000) + ".example")
                            .compact())
                    .hasStatus(400);

            assertThat(newest("provider.rejected").toString()).hasSizeLessThan(1000);
        }
    }

    @Nested
    @DisplayName("The sinks")
    final class Sinks {

        @Test
        void idsAreUnique() {
            for (int i = 0; i < 50; i++) {
                token(registerAnonymously().assertion());
            }

            assertThat(service().audit.events())
                    .hasSize(150)
                    .extracting(AuditEvent::id)
                    .doesNotHaveDuplicates();
        }

        @Test
        void sinkThatFailsChangesNothing() {
            service().wiretap.before("record", () -> {
                throw new IllegalStateException("planted");
            });
            Registered agent = registerAnonymously();
            client().complete(agent.claimToken(), reveal(invite(agent, ADA))).hasStatus(200);
            client().callApi(token(agent.assertion())).hasStatus(200);

            assertThat(service().audit.events()).isEmpty();
        }

        @Test
        void defaultSinkWritesOneLineOfJsonAnEvent() throws JsonProcessingException {
            AgentAuth auth = closing(AgentAuth.builder("https://service.example", "https://service.example/api")
                    .postClaimScopes(ProtocolService.READ)
                    .preClaimScopes(ProtocolService.READ)
                    .users(new InMemoryUserDirectory())
                    .mailer(new RecordingMailer())
                    .withoutRateLimits()
                    .purgeByEmbedder()
                    .build());
            Mounted mounted = closing(Mounted.start(auth, new HttpFilter() {
                private static final long serialVersionUID = 1L;
            }));
            Registered agent =
                    Registered.of(mounted.client.registerAnonymously().hasStatus(200));
            mounted.client.startClaim(agent.claimToken(), ADA).hasStatus(200);

            auth.close();
            List<String> lines = Output.text()
                    .lines()
                    .filter(line -> line.startsWith("{\"id\":\"evt_"))
                    .toList();
            assertThat(lines).hasSize(3);
            JsonNode created = Answer.JSON.readTree(lines.get(0));
            assertThat(created.path("event").textValue()).isEqualTo("registration.created");
            assertThat(created.path("id").textValue()).isNotEmpty();
            assertThat(created.path("time").textValue()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
            assertThat(created.path("client_address").textValue()).isEqualTo("127.0.0.1");
            assertThat(created.path("registration_id").textValue()).isEqualTo(agent.id());
            assertThat(Answer.JSON.readTree(lines.get(2)).path("event").textValue())
                    .isEqualTo("claim.requested");
        }
    }
}
