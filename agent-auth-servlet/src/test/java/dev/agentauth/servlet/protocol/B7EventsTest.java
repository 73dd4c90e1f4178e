package dev.agentauth.servlet.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.config.ExistingUserPolicy;
import dev.agentauth.registration.RegistrationStatus;
import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.ReplayStore;
import dev.agentauth.testkit.FakeProvider;
import dev.agentauth.testkit.ProviderJwt;
import dev.agentauth.testkit.ProviderSigner;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("B7. POST /agent/event/notify: security events")
final class B7EventsTest extends ProtocolTest {
    private static final String PERSON = "person-1";
    private static final String REVOKED = "https://schemas.workos.com/events/agent/auth/identity/assertion/revoked";
    private static final String REVOKED_SHORT = "https://schemas.workos.com/events/agent/identity/assertion/revoked";
    private static final String UNKNOWN = "https://schemas.openid.net/secevent/caep/event-type/session-revoked";

    /** What an agent holds after presenting. */
    private record Held(String id, String assertion, String token) {}

    private Held present(ProviderJwt idJag) {
        Registered registered = registerIdJag(idJag);
        return new Held(registered.id(), registered.assertion(), token(registered.assertion()));
    }

    private Answer send(UnaryOperator<ProviderJwt> change) {
        return client().notify(change.apply(eventAbout(PERSON)).compact());
    }

    private void isTaken(Answer answer) {
        answer.hasStatus(202).isNotStored();
        assertThat(answer.text()).isEmpty();
    }

    private void assertAlive(Held held) {
        client().exchange(held.assertion()).hasStatus(200);
        client().callApi(held.token()).hasStatus(200);
    }

    private void assertDead(Held held) {
        client().exchange(held.assertion()).isCredentialError(400, "invalid_grant");
        client().callApi(held.token()).hasStatus(401);
        assertThat(service()
                        .registrations
                        .findById(held.id())
                        .orElseThrow()
                        .status(service().clock.instant()))
                .isEqualTo(RegistrationStatus.REVOKED);
    }

    @Nested
    @DisplayName("RFC 8935 push of an RFC 8417 SET: 202, no body")
    final class Push {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "application/secevent+jwt",
                    "Application/SecEvent+JWT",
                    "application/secevent+jwt; charset=utf-8"
                })
        void eventEndsWhatWasVouchedFor(String contentType) {
            Held held = present(idJag());

            isTaken(client().send(
                            "POST",
                            "/agent/event/notify",
                            Client.utf8(eventAbout(PERSON).compact()),
                            "Content-Type",
                            contentType));

            assertDead(held);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "application/logout+jwt",
                    "application/jwt",
                    "application/json",
                    "application/x-www-form-urlencoded"
                })
        void anotherContentTypeIs415(String contentType) {
            Held held = present(idJag());

            client().send(
                            "POST",
                            "/agent/event/notify",
                            Client.utf8(eventAbout(PERSON).compact()),
                            "Content-Type",
                            contentType)
                    .isEventError(415, "invalid_request");
            assertAlive(held);
        }

        @Test
        @DisplayName("exp not needed")
        void neitherExpNorAnythingOfAnIdJagIsNeeded() {
            Held held = present(idJag());
            String event = eventAbout(PERSON).compact();
            assertThat(claimsOf(event).has("exp")).isFalse();

            isTaken(client().notify(event));

            assertDead(held);
        }

        @Test
        @DisplayName("… also for a repeat, an unknown event and an unknown subject")
        void repeatUnknownEventAndUnknownSubject() {
            Held held = present(idJag());
            String event = eventAbout("nobody").compact();

            isTaken(client().notify(event));
            isTaken(client().notify(event));
            isTaken(send(jwt -> jwt.claim("events", Map.of(UNKNOWN, Map.of("reason", "x")))));
            isTaken(send(jwt -> jwt.claim("events", Map.of(UNKNOWN, "no object"))));

            assertAlive(held);
        }

        @Test
        @DisplayName("a repeat changes nothing: what came to be since lives on")
        void repeatChangesNothing() {
            startService(options -> options.configure(builder -> builder.existingUsers(ExistingUserPolicy.LINK)));
            present(idJag());
            String event = eventAbout(PERSON).compact();
            isTaken(client().notify(event));
            service().clock.advance(Duration.ofSeconds(1));
            Held since = present(idJag());

            isTaken(client().notify(event));

            assertAlive(since);
        }

        @Test
        @DisplayName("persist first, then answer; what failed is sent again")
        void storeDownIs503AndTheSameEventSucceedsAfterwards() {
            Held held = present(idJag());
            String event = eventAbout(PERSON).compact();
            service().wiretap.down(ReplayStore.class);

            client().notify(event).isEventError(503, "temporarily_unavailable");

            service().wiretap.up();
            isTaken(client().notify(event));
            assertDead(held);
        }

        @Test
        void getIs405() {
            client().get("/agent/event/notify").isEventError(405, "invalid_request");
        }
    }

    @Nested
    @DisplayName("The revocation event has two spellings; both do what A7 does, and A7 takes both")
    final class Spellings {

        @ParameterizedTest
        @ValueSource(strings = {REVOKED, REVOKED_SHORT})
        void bothAreTakenHereAndThere(String type) {
            Held byEvent = present(idJag().subject("e").email("e@example.com"));
            Held byLogout = present(idJag().subject("l").email("l@example.com"));

            isTaken(client().notify(eventAbout("e")
                    .claim("events", Map.of(type, Map.of()))
                    .compact()));
            client().logout(logoutOf("l")
                            .claim("events", Map.of(type, Map.of()))
                            .compact())
                    .hasStatus(200);

            assertDead(byEvent);
            assertDead(byLogout);
        }

        @Test
        @DisplayName("Any one of several events counts")
        void anyOneOfSeveralCounts() {
            Held first = present(idJag());
            isTaken(send(jwt -> jwt.claim("events", Map.of(UNKNOWN, Map.of(), REVOKED_SHORT, Map.of("x", 1)))));
            assertDead(first);

            Held second = present(idJag().subject("two").email("two@example.com"));
            isTaken(client().notify(eventAbout("two")
                    .claim("events", Map.of(REVOKED, Map.of(), REVOKED_SHORT, "no object"))
                    .compact()));
            assertDead(second);
        }

        @Test
        void openIdsLogoutEventIsNoSecurityEventThatEndsAnything() {
            Held held = present(idJag());

            isTaken(send(jwt ->
                    jwt.claim("events", Map.of("http://schemas.openid.net/event/backchannel-logout", Map.of()))));

            assertAlive(held);
        }

        @Test
        @DisplayName("with the iat rule of A7: only what was vouched for before ends")
        void lateEventRaisesTheEpochAlone() {
            startService(options -> options.configure(builder -> builder.existingUsers(ExistingUserPolicy.LINK)));
            Instant start = service().clock.instant();
            Held before = present(idJag());
            service().clock.advance(Duration.ofSeconds(10));
            Held after = present(idJag());

            isTaken(send(jwt -> jwt.issuedAt(start.plusSeconds(5))));

            assertThat(after.id()).isEqualTo(before.id());
            client().exchange(before.assertion()).isCredentialError(400, "invalid_grant");
            client().exchange(after.assertion()).isCredentialError(400, "invalid_grant");
            assertThat(registerIdJag(idJag()).id()).isEqualTo(after.id());
        }

        @Test
        @DisplayName("and an unspent ID-JAG from before it brings nothing back")
        void unspentIdJagFromBeforeIsRefused() {
            String unspent = idJag().compact();

            isTaken(send(jwt -> jwt));

            client().registerIdJag(unspent).isIdentityError(400, "expired");
        }

        @Test
        void tenantNarrowsAsInALogout() {
            Held acme = present(idJag().claim("tenant", "acme").email("a@example.com"));
            Held other = present(idJag().claim("tenant", "other").email("o@example.com"));

            isTaken(send(jwt -> jwt.claim("tenant", "acme")));
            assertDead(acme);
            assertAlive(other);

            isTaken(send(jwt -> jwt));
            assertDead(other);
        }
    }

    @Nested
    @DisplayName(
            "Subject as sub, or sub_id of format iss_sub whose iss must equal iss; both and different: invalid_request")
    final class Subject {

        private Map<String, Object> subId(String iss, Object sub) {
            return Map.of("format", "iss_sub", "iss", iss, "sub", sub);
        }

        @Test
        void subIdAloneOrBesideTheSameSub() {
            Held first = present(idJag());
            isTaken(send(
                    jwt -> jwt.without("sub").claim("sub_id", subId(provider().issuer(), PERSON))));
            assertDead(first);

            Held second = present(idJag().subject("two").email("two@example.com"));
            isTaken(client().notify(eventAbout("two")
                    .claim("sub_id", subId(provider().issuer(), "two"))
                    .compact()));
            assertDead(second);
        }

        @Test
        void anythingElseIsInvalidRequest() {
            Held held = present(idJag());
            String issuer = provider().issuer();
            for (Object subId : Arrays.asList(
                    subId(issuer, "person-2"),
                    subId("https://other.example", PERSON),
                    subId(issuer + "/", PERSON),
                    subId(issuer, ""),
                    subId(issuer, 1),
                    Map.of("format", "iss_sub", "sub", PERSON),
                    Map.of("format", "iss_sub", "iss", issuer),
                    Map.of("format", "email", "email", ADA),
                    Map.of("iss", issuer, "sub", PERSON),
                    Map.of("format", 1, "iss", issuer, "sub", PERSON),
                    "person-1",
                    List.of(),
                    null)) {
                send(jwt -> jwt.claim("sub_id", subId)).isEventError(400, "invalid_request");
                if (!subId(issuer, "person-2").equals(subId)) {
                    send(jwt -> jwt.without("sub").claim("sub_id", subId)).isEventError(400, "invalid_request");
                }
            }
            for (Object sub : Arrays.asList("", 1, null, List.of(PERSON), "x".repeat(1025))) {
                send(jwt -> jwt.claim("sub", sub)).isEventError(400, "invalid_request");
                send(jwt -> jwt.claim("sub", sub).claim("sub_id", subId(issuer, PERSON)))
                        .isEventError(400, "invalid_request");
            }
            send(jwt -> jwt.without("sub")).isEventError(400, "invalid_request");
            send(jwt -> jwt.claim("tenant", 1)).isEventError(400, "invalid_request");
            assertAlive(held);
        }

        @Test
        @DisplayName("the subject is looked at only for an event that we act on")
        void subjectOfAnUnknownEventIsNotLookedAt() {
            for (Object subId : Arrays.asList(Map.of("format", "email", "email", ADA), "x", null)) {
                isTaken(send(jwt -> jwt.claim("events", Map.of(UNKNOWN, Map.of()))
                        .claim("sub", 1)
                        .claim("sub_id", subId)));
                isTaken(send(jwt -> jwt.claim("events", Map.of(UNKNOWN, Map.of()))
                        .without("sub")
                        .claim("sub_id", subId)));
            }
        }
    }

    @Nested
    @DisplayName("T41, T42: 400 with {err, description}")
    final class Refusals {

        @Test
        void codes() {
            Held held = present(idJag());
            FakeProvider stranger = closing(FakeProvider.start(service().clock));
            client().notify(stranger.securityEvent(service().issuer(), PERSON).compact())
                    .isEventError(400, "invalid_issuer");
            for (Object aud : List.of(
                    "https://other.example", List.of(), List.of(service().issuer(), "https://other.example"))) {
                send(jwt -> jwt.claim("aud", aud)).isEventError(400, "invalid_audience");
            }
            send(jwt -> jwt.signature(new byte[64])).isEventError(400, "authentication_failed");
            send(jwt -> jwt.signedBy(ProviderSigner.es256())).isEventError(400, "authentication_failed");
            send(jwt -> jwt.header("kid", "unknown")).isEventError(400, "authentication_failed");
            for (UnaryOperator<ProviderJwt> wrong : List.<UnaryOperator<ProviderJwt>>of(
                    jwt -> jwt.header("typ", "logout+jwt"),
                    jwt -> jwt.header("typ", "oauth-id-jag+jwt"),
                    jwt -> jwt.withoutHeader("typ"),
                    jwt -> jwt.header("alg", "none"),
                    jwt -> jwt.header("alg", "HS256"),
                    jwt -> jwt.header("crit", List.of("x")),
                    jwt -> jwt.without("iss"),
                    jwt -> jwt.without("jti"),
                    jwt -> jwt.without("iat"),
                    jwt -> jwt.without("aud"),
                    jwt -> jwt.without("events"),
                    jwt -> jwt.claim("events", REVOKED),
                    jwt -> jwt.claim("events", List.of(REVOKED)),
                    jwt -> jwt.claim("events", Map.of(REVOKED, "x")),
                    jwt -> jwt.claim("events", Map.of(REVOKED, List.of(), UNKNOWN, Map.of())),
                    jwt -> jwt.issuedAt(service().clock.instant().plusSeconds(61)),
                    jwt -> jwt.claim("nbf", service().clock.instant().getEpochSecond() + 61))) {
                send(wrong).isEventError(400, "invalid_request");
            }
            for (String text : List.of("", " ", "x", "a.b.c", eventAbout(PERSON).compact() + ".")) {
                client().notify(text).isEventError(400, "invalid_request");
            }
            assertAlive(held);
            assertThat(service().audit.of("event.received")).isEmpty();
            assertThat(service().audit.newest("provider.rejected").fields()).containsEntry("error", "invalid_request");
        }

        @Test
        @DisplayName("invalid_key: a key that is there and may not be used")
        void keyThatMayNotBeUsed() {
            ProviderSigner weak = ProviderSigner.rs256(1024);
            provider().publish(weak.publicJwk());
            ProviderSigner forEncryption = ProviderSigner.es256();
            Map<String, Object> jwk = forEncryption.publicJwk();
            jwk.put("use", "enc");
            provider().publish(jwk);

            send(jwt -> jwt.signedBy(weak)).isEventError(400, "invalid_key");
            send(jwt -> jwt.signedBy(forEncryption)).isEventError(400, "invalid_key");
        }

        @Test
        @DisplayName("exp, where present and past: authentication_failed")
        void pastExp() {
            Held held = present(idJag());
            Instant now = service().clock.instant();

            send(jwt -> jwt.issuedAt(now.minusSeconds(600)).expiresAt(now.minusSeconds(60)))
                    .isEventError(400, "authentication_failed");
            assertAlive(held);

            isTaken(send(jwt -> jwt.expiresAt(now.minusSeconds(59))));
            assertDead(held);
        }

        @Test
        @DisplayName("T42: one provider ends nothing of another's")
        void providersEndTheirOwnAlone() {
            Held held = present(idJag());
            FakeProvider other = closing(service().anotherProvider());

            isTaken(client().notify(
                            other.securityEvent(service().issuer(), PERSON).compact()));

            assertAlive(held);
        }

        @Test
        @DisplayName("of a service that trusts nobody: invalid_issuer, and no word of it in discovery")
        void withoutAnyProvider() {
            startService(ProtocolService.Options::trustingNobody);

            client().notify(eventAbout(PERSON).compact()).isEventError(400, "invalid_issuer");
            assertThat(client().get("/.well-known/oauth-authorization-server")
                            .json()
                            .path("agent_auth")
                            .has("events_endpoint"))
                    .isFalse();
        }

        @Test
        @DisplayName("A verification that fails by signature costs the client's budget of 60/h here, too")
        void failedSignaturesAreLimited() {
            startService(options -> options.limited());
            for (int i = 0; i < 60; i++) {
                send(jwt -> jwt.signature(new byte[64])).isEventError(400, "authentication_failed");
            }

            send(jwt -> jwt).isEventError(429, "rate_limited");
        }
    }

    @Nested
    @DisplayName("T40: a SET has no age limit; its jti is kept 12 h")
    final class Age {

        @Test
        void howeverOldItIsItIsTaken() {
            Held held = present(idJag());

            isTaken(send(jwt -> jwt.issuedAt(service().clock.instant().minus(Duration.ofDays(400)))));
            assertAlive(held);

            String late = eventAbout(PERSON).compact();
            service().clock.advance(Duration.ofHours(13));
            isTaken(client().notify(late));
            assertThat(service().registrations.findById(held.id()).orElseThrow().revokedAt())
                    .isNotNull();
        }

        @Test
        void jtiIsRememberedForTwelveHours() {
            String jti = UUID.randomUUID().toString();
            isTaken(send(jwt -> jwt.claim("jti", jti)));
            Instant end = service().clock.instant().plus(Duration.ofHours(12));

            service().clock.moveTo(end.minusMillis(1));
            Held held = present(idJag());
            isTaken(send(jwt -> jwt.claim("jti", jti)));
            assertAlive(held);

            service().clock.moveTo(end);
            isTaken(send(jwt -> jwt.claim("jti", jti)));
            assertDead(held);
        }

        @Test
        @DisplayName("of a logout's jti nothing follows for an event of the same")
        void jtisOfLogoutsAndEventsAreTwoThings() {
            client().logout(logoutOf("nobody").claim("jti", "same").compact()).hasStatus(200);
            client().registerIdJag(idJag().claim("jti", "same").email(BOB).compact())
                    .hasStatus(200);
            Held held = present(idJag());

            isTaken(send(jwt -> jwt.claim("jti", "same")));

            assertDead(held);
        }
    }

    @Nested
    @DisplayName("Discovery and audit")
    final class Around {

        @Test
        @DisplayName("agent_auth.events_endpoint; events_supported lists both")
        void discovery() {
            var block = client().get("/.well-known/oauth-authorization-server")
                    .json()
                    .path("agent_auth");

            assertThat(block.path("events_endpoint").asText())
                    .isEqualTo(service().issuer() + "/agent/event/notify");
            assertThat(block.path("events_supported"))
                    .extracting(node -> node.asText())
                    .containsExactly(REVOKED, REVOKED_SHORT);
            assertThat(client().get("/auth.md").text()).contains(service().issuer() + "/agent/event/notify");
        }

        @Test
        @DisplayName("event.received, with iss and sub; what came of it is told beside it")
        void audit() {
            Held held = present(idJag());

            isTaken(send(jwt -> jwt));
            isTaken(send(jwt -> jwt.claim("events", Map.of(UNKNOWN, Map.of()))));

            List<AuditEvent> received = service().audit.of("event.received");
            assertThat(received).hasSize(2);
            assertThat(received.get(0).fields())
                    .containsEntry("iss", provider().issuer())
                    .containsEntry("sub", PERSON)
                    .containsEntry("events", REVOKED);
            assertThat(received.get(1).fields())
                    .containsEntry("iss", provider().issuer())
                    .containsEntry("events", "")
                    .doesNotContainKey("sub");
            AuditEvent ended = service().audit.newest("registration.revoked");
            assertThat(ended.registrationId()).isEqualTo(held.id());
            assertThat(ended.fields()).containsEntry("reason", "provider");
        }
    }
}
