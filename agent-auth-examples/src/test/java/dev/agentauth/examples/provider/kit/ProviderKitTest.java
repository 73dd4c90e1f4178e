package dev.agentauth.examples.provider.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.agentauth.client.http.Http;
import dev.agentauth.client.http.HttpStub;
import dev.agentauth.client.http.HttpStub.Canned;
import dev.agentauth.client.http.Json;
import dev.agentauth.examples.FreePorts;
import dev.agentauth.examples.provider.kit.Delivery.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderKitTest {
    private static final Instant NOW = Instant.parse("2026-05-04T13:00:00Z");
    private static final String ISSUER = "http://localhost:4000";
    private static final String METADATA = "/.well-known/oauth-authorization-server";

    private Instant now = NOW;
    private final List<Duration> pauses = new ArrayList<>();
    private final ProviderKit kit = kit(ISSUER);
    private HttpStub service;

    @BeforeEach
    void start() throws Exception {
        service = HttpStub.start();
        service.answer(METADATA, Canned.json(200, metadata(service.url())));
        service.answer("/revoke", Canned.status(200));
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void idJagSaysAllThatItWasTold() throws Exception {
        JWTClaimsSet claims = verified(kit.mintIdJag(IdJag.about("usr_1", "https://service.example")
                .withVerifiedEmail("anna@example.com")
                .withVerifiedPhone("+4917012345678")
                .withTenant("acme")
                .withSignIn(NOW.minusSeconds(60))
                .withScope("api.read")
                .withResource("https://service.example/api/")
                .withPlatform("Example Agents")
                .withContext("ctx_1")));

        assertThat(claims.getJWTID()).isNotEmpty();
        assertThat(claims.toJSONObject())
                .containsAllEntriesOf(Map.ofEntries(
                        Map.entry("iss", ISSUER),
                        Map.entry("sub", "usr_1"),
                        Map.entry("aud", "https://service.example"),
                        Map.entry("client_id", ISSUER),
                        Map.entry("iat", NOW.getEpochSecond()),
                        Map.entry("exp", NOW.plusSeconds(300).getEpochSecond()),
                        Map.entry("email", "anna@example.com"),
                        Map.entry("email_verified", true),
                        Map.entry("phone_number", "+4917012345678"),
                        Map.entry("phone_number_verified", true),
                        Map.entry("tenant", "acme"),
                        Map.entry("auth_time", NOW.minusSeconds(60).getEpochSecond()),
                        Map.entry("scope", "api.read"),
                        Map.entry("resource", "https://service.example/api/"),
                        Map.entry("agent_platform", "Example Agents"),
                        Map.entry("agent_context_id", "ctx_1")));
    }

    @Test
    void idJagAboutSomebodyOfWhomNothingIsVerifiedIsNotMinted() {
        IdJag idJag = IdJag.about("usr_1", "https://service.example").withTenant("acme");

        assertThatThrownBy(() -> kit.mintIdJag(idJag)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void clientIdAndLifetimeAreThoseOfTheSettings() throws Exception {
        ProviderKit other = ProviderKit.builder(ISSUER, KeyRing.generate(() -> now))
                .clock(() -> now)
                .clientId("agents")
                .lifetime(Duration.ofHours(1))
                .build();
        String jwt = other.mintIdJag(IdJag.about("usr_1", "x").withVerifiedEmail("a@example.com"));
        JWTClaimsSet claims = SignedJWT.parse(jwt).getJWTClaimsSet();

        assertThat(claims.getStringClaim("client_id")).isEqualTo("agents");
        assertThat(claims.getExpirationTime()).isEqualTo(NOW.plusSeconds(3600));
        assertThatThrownBy(() -> ProviderKit.builder(ISSUER, KeyRing.generate(() -> now))
                        .lifetime(Duration.ofHours(1).plusNanos(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://agents.example", "ftp://localhost", "agents", "https://u@agents.example", ""})
    void issuerThatNoServiceCanFetchKeysOfIsRefused(String issuer) {
        assertThatThrownBy(() -> kit(issuer)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void keysMayBeKeptForFiveMinutes() {
        assertThat(kit.jwks().cacheControl()).isEqualTo("public, max-age=300");
    }

    @Test
    void logoutGoesToTheEndpointOfTheServicesMetadata() throws Exception {
        Delivery delivery = kit.logout("usr_1", service.url());

        assertThat(delivery).isEqualTo(new Delivery(Result.DELIVERED, 1, OptionalInt.of(200)));
        assertThat(service.bodies("/revoke")).hasSize(1);
        JWTClaimsSet claims = verified(service.bodies("/revoke").get(0));
        assertThat(claims.getSubject()).isEqualTo("usr_1");
        assertThat(claims.getAudience()).containsExactly(service.url());
        assertThat(claims.getIssueTime()).isEqualTo(NOW);
        assertThat(claims.getExpirationTime()).isEqualTo(NOW.plusSeconds(3600));
    }

    @ParameterizedTest
    @EnumSource(RevocationEvent.class)
    void securityEventGoesToTheEndpointForEvents(RevocationEvent event) throws Exception {
        service.answer("/events", Canned.status(202));

        Delivery delivery = kit.securityEvent("usr_1", service.url(), event);

        assertThat(delivery).isEqualTo(new Delivery(Result.DELIVERED, 1, OptionalInt.of(202)));
        assertThat(service.count("/revoke")).isZero();
        JWTClaimsSet claims = verified(service.bodies("/events").get(0));
        assertThat(claims.getSubject()).isEqualTo("usr_1");
        assertThat(claims.getIssueTime()).isEqualTo(NOW);
        assertThat(claims.getExpirationTime()).isNull();
        assertThat(claims.getJSONObjectClaim("events")).containsOnlyKeys(event.uri());
    }

    @Test
    void serviceThatTakesNoSecurityEventsGetsNone() {
        service.answer(
                METADATA,
                Canned.json(
                        200,
                        Map.of(
                                "issuer",
                                service.url(),
                                "agent_auth",
                                Map.of("revocation_uri", service.url() + "/revoke"))));

        assertThat(kit.securityEvent("usr_1", service.url(), RevocationEvent.WITH_AUTH)
                        .result())
                .isEqualTo(Result.NO_ENDPOINT);
    }

    @Test
    void logoutIsTriedAgainWithLongerWaitsUntilTheServiceTakesIt() {
        service.answer(METADATA, Canned.status(503), Canned.json(200, metadata(service.url())));
        service.answer("/revoke", Canned.status(500), Canned.status(502), Canned.status(200));

        assertThat(kit.logout("usr_1", service.url()))
                .isEqualTo(new Delivery(Result.DELIVERED, 4, OptionalInt.of(200)));
        assertThat(pauses).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4));
        assertThat(service.bodies("/revoke").stream().distinct()).hasSize(1);
    }

    @Test
    void logoutIsGivenUpAfterFiveAttempts() {
        service.answer("/revoke", Canned.status(503));

        assertThat(kit.logout("usr_1", service.url()))
                .isEqualTo(new Delivery(Result.UNREACHABLE, 5, OptionalInt.of(503)));
        assertThat(pauses).hasSize(4);
    }

    @Test
    void retryAfterIsHonouredUpToThirtySeconds() {
        service.answer(
                "/revoke",
                Canned.status(429).with("Retry-After", "7"),
                Canned.status(503).with("Retry-After", "86400"),
                Canned.status(200));

        assertThat(kit.logout("usr_1", service.url()).result()).isEqualTo(Result.DELIVERED);
        assertThat(pauses).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(30));
    }

    @Test
    void logoutThatTheServiceRefusesIsNotTriedAgain() {
        service.answer("/revoke", Canned.json(400, Map.of("error", "invalid_issuer")));

        assertThat(kit.logout("usr_1", service.url())).isEqualTo(new Delivery(Result.REFUSED, 1, OptionalInt.of(400)));
    }

    @Test
    void redirectIsNotFollowed() {
        service.answer("/revoke", Canned.status(307).with("Location", service.url() + "/elsewhere"));

        assertThat(kit.logout("usr_1", service.url()).result()).isEqualTo(Result.REFUSED);
        assertThat(service.count("/elsewhere")).isZero();
    }

    @Test
    void metadataOfAnotherIssuerOrNoneGetsNoLogout() {
        for (Canned metadata : List.of(
                Canned.json(200, metadata("https://other.example")),
                Canned.json(200, Map.of("issuer", service.url())),
                Canned.json(
                        200,
                        Map.of(
                                "issuer",
                                service.url(),
                                "agent_auth",
                                Map.of("revocation_uri", "http://service.example/revoke"))),
                Canned.json(200, List.of()),
                Canned.text(200, "{"),
                Canned.status(404),
                Canned.status(302).with("Location", service.url() + "/elsewhere"))) {
            service.answer(METADATA, metadata);

            assertThat(kit.logout("usr_1", service.url()).result()).isEqualTo(Result.NO_ENDPOINT);
        }
        assertThat(service.count("/revoke")).isZero();
        assertThat(pauses).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"not a url", "", "http://service.example", "file:///etc/passwd", "https://s.example?x=1"})
    void audienceThatIsNoServiceGetsNoLogout(String audience) {
        assertThat(kit.deliver(new Logout(audience, "a.b.c", Logout.Carrier.LOGOUT_TOKEN))
                        .result())
                .isEqualTo(Result.NO_ENDPOINT);
    }

    @Test
    void providerOutInTheWorldSendsNothingToItsOwnMachine() {
        assertThat(kit("https://agents.example").logout("usr_1", service.url()).result())
                .isEqualTo(Result.NO_ENDPOINT);
        assertThat(service.count(METADATA)).isZero();
    }

    @Test
    void serviceThatIsNotThereIsUnreachable() throws Exception {
        assertThat(kit.logout("usr_1", "http://localhost:" + FreePorts.two()[0]))
                .isEqualTo(new Delivery(Result.UNREACHABLE, 5, OptionalInt.empty()));
    }

    @Test
    void idJagAndLogoutAreSecretsThatAreNotShown() {
        assertThat(kit.mintLogout("usr_1", "https://s.example").toString()).isEqualTo("Logout[to https://s.example]");
        assertThat(IdJag.about("usr_1", "https://s.example")
                        .withVerifiedEmail("anna@example.com")
                        .toString())
                .isEqualTo("IdJag[to https://s.example]");
    }

    private ProviderKit kit(String issuer) {
        return ProviderKit.builder(issuer, KeyRing.generate(() -> now))
                .clock(() -> now)
                .http(new Http(Duration.ofSeconds(5), 64 * 1024))
                .pause(pauses::add)
                .build();
    }

    private Map<String, Object> metadata(String issuer) {
        return Map.of(
                "issuer",
                issuer,
                "agent_auth",
                Map.of("revocation_uri", service.url() + "/revoke", "events_endpoint", service.url() + "/events"));
    }

    private JWTClaimsSet verified(String token) throws Exception {
        SignedJWT jwt = SignedJWT.parse(token);
        JWKSet published = JWKSet.parse(kit.jwks().body());
        assertThat(jwt.verify(new ECDSAVerifier(
                        published.getKeyByKeyId(jwt.getHeader().getKeyID()).toECKey())))
                .isTrue();
        assertThat(Json.parse(kit.jwks().body()).get("keys").items()).hasSize(1);
        return jwt.getJWTClaimsSet();
    }
}
