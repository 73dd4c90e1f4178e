package dev.agentauth;

import static dev.agentauth.TestService.API;
import static dev.agentauth.TestService.API_SECRET;
import static dev.agentauth.TestService.CALLER;
import static dev.agentauth.TestService.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.agentauth.config.SharedSecrets;
import dev.agentauth.memory.InMemoryTokenStore;
import dev.agentauth.spi.AccessToken;
import dev.agentauth.spi.AuditEvent;
import dev.agentauth.spi.MixedStores;
import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.ResourceServers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IntrospectionTest {
    private static final String OTHER_SECRET = "vutsrqponmlkjihgfedcba9876543210";

    private final TestService service = TestService.start();

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void goodTokenIsToldAsItStandsNow() {
        Registered.Anonymous agent = service.anonymous();
        IssuedToken token = service.exchange(agent.assertion());

        IntrospectedToken before = look(token).orElseThrow();
        service.startClaim(agent.claim(), TestService.ALICE);
        service.complete(agent.claim(), service.reveal());
        IntrospectedToken after = look(token).orElseThrow();

        assertThat(before.agent().registrationId()).isEqualTo(agent.registrationId());
        assertThat(before.agent().userId()).isEmpty();
        assertThat(before.agent().scopes()).containsExactly("api.read");
        assertThat(before.expiresAt()).isEqualTo(START.plus(Duration.ofHours(1)));
        assertThat(after.agent().userId()).isPresent();
        assertThat(after.agent().scopes()).containsExactly("api.read", "api.write", "api.pay");
    }

    @Test
    void tokenThatIsDeadOrNoneIsNothing() {
        Registered.Anonymous agent = service.anonymous();
        IssuedToken token = service.exchange(agent.assertion());
        IssuedToken revoked = service.exchange(agent.assertion());
        service.auth.revokeToken(CALLER, revoked.value().reveal());
        IssuedRefreshToken refresh = service.refreshable("dave@example.com");

        assertThat(look(revoked)).isEmpty();
        for (String none : List.of(
                "",
                "at_" + "A".repeat(32),
                agent.assertion().value().reveal(),
                agent.claim().token().reveal(),
                refresh.value().reveal())) {
            assertThat(service.auth.introspect(API, none)).isEmpty();
        }
        service.clock.advance(Duration.ofHours(1).minusMillis(1));
        assertThat(look(token)).isPresent();
        service.clock.advance(Duration.ofMillis(1));
        assertThat(look(token)).isEmpty();
        assertThat(service.audit.of(AuditEvent.Type.INTROSPECTION_REFUSED)).isEmpty();
    }

    @Test
    void t88_whoeverIsNotKnownLearnsNothingAndIsAudited() {
        IssuedToken token = service.exchange(service.anonymous().assertion());

        for (ResourceServers.Credentials unknown : List.of(
                credentials(null, null),
                credentials("api", null),
                credentials(null, API_SECRET),
                credentials("api", OTHER_SECRET),
                credentials("other", API_SECRET),
                credentials("api", API_SECRET + "x"),
                credentials("api", API_SECRET.substring(1)))) {
            assertThat(Refused.problem(
                            () -> service.auth.introspect(unknown, token.value().reveal())))
                    .isEqualTo(Problem.RESOURCE_SERVER_UNKNOWN);
        }
        assertThat(service.audit.of(AuditEvent.Type.INTROSPECTION_REFUSED))
                .hasSize(7)
                .allSatisfy(event -> {
                    assertThat(event.clientAddress()).isEqualTo("203.0.113.7");
                    assertThat(event.fields()).isEqualTo(Map.of());
                });
    }

    @Test
    void storeOutOfReachIsNotADeadToken() {
        TestTokens tokens = new TestTokens();
        try (TestService failing = TestService.start(
                (builder, parts) -> builder.stores(MixedStores.of(parts.stores).withTokens(tokens)))) {
            String token =
                    failing.exchange(failing.anonymous().assertion()).value().reveal();
            tokens.outOfReach = true;

            assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> failing.auth.introspect(API, token)))
                    .isInstanceOf(PortUnavailableException.class);
        }
    }

    @Test
    void secretsCanBeRotated() {
        SharedSecrets both = SharedSecrets.of("api", API_SECRET, OTHER_SECRET).and("other", "x".repeat(32));

        assertThat(both.authenticate(credentials("api", API_SECRET))).contains("api");
        assertThat(both.authenticate(credentials("api", OTHER_SECRET))).contains("api");
        assertThat(both.authenticate(credentials("other", "x".repeat(32)))).contains("other");
        assertThat(both.authenticate(credentials("other", API_SECRET))).isEmpty();
        assertThat(both.toString()).isEqualTo("SharedSecrets[api, other]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "0123456789abcdefghijklmnopqrstu", "0123456789abcdefghijklmnopqrstu+", "ä"})
    void weakOrAmbiguousSecretsAreRefusedWithoutBeingSaid(String secret) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SharedSecrets.of("api", secret))
                .satisfies(e -> assertThat(secret.isEmpty() || !e.getMessage().contains(secret))
                        .isTrue());
        assertThatIllegalArgumentException().isThrownBy(() -> SharedSecrets.of("a:b", API_SECRET));
        assertThatIllegalArgumentException().isThrownBy(() -> SharedSecrets.of("", API_SECRET));
        assertThatIllegalArgumentException().isThrownBy(() -> SharedSecrets.of("api"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SharedSecrets.of("api", API_SECRET).and("api", OTHER_SECRET));
    }

    @Test
    void isToldInTheMetadataOnlyWhereItIsOn() {
        Map<String, Object> on = service.auth.discovery().authorizationServer();
        assertThat(service.auth.introspects()).isTrue();
        assertThat(on)
                .containsEntry("introspection_endpoint", TestService.ISSUER + "/oauth2/introspect")
                .containsEntry(
                        "introspection_endpoint_auth_methods_supported",
                        List.of("client_secret_basic", "client_secret_post"));

        ResourceServers byCertificate = new ResourceServers() {
            @Override
            public Set<Method> methods() {
                return Set.of(Method.SELF_SIGNED_TLS, Method.TLS);
            }

            @Override
            public Optional<String> authenticate(Credentials credentials) {
                return Optional.empty();
            }
        };
        try (TestService tls = TestService.start(builder -> builder.introspection(byCertificate))) {
            assertThat(tls.auth.discovery().authorizationServer())
                    .containsEntry(
                            "introspection_endpoint_auth_methods_supported",
                            List.of("tls_client_auth", "self_signed_tls_client_auth"));
        }
        try (AgentAuth off = AgentAuth.builder(TestService.ISSUER, TestService.RESOURCE)
                .postClaimScopes("api.read")
                .users(service.users)
                .mailer(service.outbox)
                .withoutRateLimits()
                .signingKeys(service.signingKeys)
                .audit(service.audit)
                .build()) {
            assertThat(off.introspects()).isFalse();
            assertThat(off.discovery().authorizationServer().keySet()).noneMatch(name -> name.startsWith("introsp"));
            assertThat(Refused.problem(() -> off.introspect(API, "at_" + "A".repeat(32))))
                    .isEqualTo(Problem.RESOURCE_SERVER_UNKNOWN);
        }
    }

    private Optional<IntrospectedToken> look(IssuedToken token) {
        return service.auth.introspect(API, token.value().reveal());
    }

    private static ResourceServers.Credentials credentials(String id, String secret) {
        return new ResourceServers.Credentials(CALLER, id, secret == null ? null : Secret.of(secret), List.of());
    }

    /** Tokens that can be out of reach. */
    private static final class TestTokens implements dev.agentauth.spi.TokenStore {
        private final InMemoryTokenStore kept = new InMemoryTokenStore();
        private boolean outOfReach;

        @Override
        public void insert(AccessToken token, java.time.Instant now, int limit) {
            kept.insert(token, now, limit);
        }

        @Override
        public Optional<AccessToken> find(SecretHash hash) {
            if (outOfReach) {
                throw new PortUnavailableException("out of reach, as the test wants it");
            }
            return kept.find(hash);
        }

        @Override
        public void delete(SecretHash hash) {
            kept.delete(hash);
        }

        @Override
        public int purgeExpired(java.time.Instant now, int limit) {
            return kept.purgeExpired(now, limit);
        }
    }
}
