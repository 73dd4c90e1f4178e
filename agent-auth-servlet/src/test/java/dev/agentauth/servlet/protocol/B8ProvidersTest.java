package dev.agentauth.servlet.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.agentauth.registration.ProviderIdentity;
import dev.agentauth.spi.TrustedProvider;
import dev.agentauth.testkit.ProviderJwt;
import dev.agentauth.testkit.ProviderSigner;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("B8. What providers really send")
final class B8ProvidersTest extends ProtocolTest {
    private static final long NOW = ProtocolService.START.getEpochSecond();

    private Answer present(UnaryOperator<ProviderJwt> change) {
        return client().registerIdJag(change.apply(idJag()).compact());
    }

    private Answer logOut(UnaryOperator<ProviderJwt> change) {
        return client().logout(change.apply(logoutOf("person-1")).compact());
    }

    @Nested
    @DisplayName("aud: the issuer, or the resource, each with or without its closing slash")
    final class Audience {

        @ParameterizedTest
        @ValueSource(strings = {"/api", "/api/"})
        @DisplayName(
                "as one string or an array of one; all mean this service and are one identity, whose aud is the issuer")
        void allNamesMeanOneIdentity(String path) {
            ProtocolService service = startService(options -> options.resourcePath(path));
            String issuer = service.issuer();
            String resource = service.root() + "/api";
            String first = Registered.of(present(jwt -> jwt).hasStatus(200)).id();

            for (String name : List.of(issuer, issuer + "/", resource, resource + "/")) {
                for (Object aud : List.of(name, List.of(name))) {
                    Registered again =
                            Registered.of(present(jwt -> jwt.claim("aud", aud)).hasStatus(200));
                    assertThat(again.id()).as("registration of " + aud).isEqualTo(first);
                }
            }
            ProviderIdentity identity = service.registrations
                    .findById(first)
                    .orElseThrow()
                    .provider()
                    .identity();
            assertThat(identity.audience()).isEqualTo(issuer);
        }

        @Test
        @DisplayName("… of a logout too, by whatever name the ID-JAG was presented")
        void logoutByAnotherNameEndsIt() {
            String resource = service().resource();
            for (String name : List.of(service().issuer(), service().issuer() + "/", resource, resource + "/")) {
                Registered agent = Registered.of(present(jwt -> jwt.claim("aud", resource)
                                .subject("s-" + name)
                                .email("s" + UUID.randomUUID() + "@example.com"))
                        .hasStatus(200));

                logOut(jwt -> jwt.claim("aud", List.of(name)).subject("s-" + name))
                        .hasStatus(200);

                client().exchange(agent.assertion()).isCredentialError(400, "invalid_grant");
            }
        }

        @Test
        @DisplayName("… and of a SET")
        void eventByAnotherNameEndsIt() {
            String resource = service().resource();
            for (String name : List.of(service().issuer() + "/", resource, resource + "/")) {
                Registered agent = Registered.of(
                        present(jwt -> jwt.subject("e-" + name).email("e" + UUID.randomUUID() + "@example.com"))
                                .hasStatus(200));

                client().notify(eventAbout("e-" + name).claim("aud", name).compact())
                        .hasStatus(202);

                client().exchange(agent.assertion()).isCredentialError(400, "invalid_grant");
            }
        }

        @Test
        void everythingElseIsInvalidAudience() {
            String issuer = service().issuer();
            String resource = service().resource();
            for (Object other : List.of(
                    issuer + "//",
                    issuer + "/x",
                    resource + "//",
                    resource + "/x",
                    resource.substring(0, resource.length() - 1),
                    List.of(issuer, resource),
                    List.of(resource, resource),
                    List.of(resource, "https://other.example"),
                    List.of())) {
                present(jwt -> jwt.claim("aud", other)).isIdentityError(400, "invalid_audience");
                logOut(jwt -> jwt.claim("aud", other)).isCredentialError(400, "invalid_audience");
            }
        }

        @Test
        @DisplayName("The resource counts only while a switch (on) says so")
        void switchedOffTheIssuerAloneCounts() {
            startService(options -> options.configure(builder -> builder.resourceAsAudience(false)));
            String resource = service().resource();

            for (String name : List.of(resource, resource + "/")) {
                present(jwt -> jwt.claim("aud", name)).isIdentityError(400, "invalid_audience");
                logOut(jwt -> jwt.claim("aud", name)).isCredentialError(400, "invalid_audience");
            }
            present(jwt -> jwt).hasStatus(200);
            present(jwt -> jwt.claim("aud", service().issuer() + "/")).hasStatus(200);
        }

        @ParameterizedTest
        @ValueSource(strings = {"https://api.example", "https://api.example/"})
        @DisplayName("the builder refuses it where the resource's URL is a trusted issuer")
        void builderRefusesAResourceThatIsATrustedIssuer(String issuer) {
            for (String resource : List.of("https://api.example", "https://api.example/")) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> startWith(resource, issuer, true))
                        .withMessageContaining("resourceAsAudience");
                startWith(resource, issuer, false).close();
            }
            startWith("https://api.example/v1", issuer, true).close();
        }

        private dev.agentauth.AgentAuth startWith(String resource, String provider, boolean on) {
            return dev.agentauth.AgentAuth.builder("https://service.example", resource)
                    .postClaimScopes("a")
                    .users(service().users)
                    .mailer(service().mail)
                    .withoutRateLimits()
                    .trust(TrustedProvider.of(provider))
                    .resourceAsAudience(on)
                    .purgeByEmbedder()
                    .build();
        }

        @Test
        @DisplayName("… and one that comes to be trusted later takes its name along")
        void resourceThatBecomesAProviderIsNoNameOfThisService() {
            present(jwt -> jwt.claim("aud", service().resource())).hasStatus(200);

            service()
                    .trust
                    .add(TrustedProvider.of(service().resource() + "/")
                            .withJwksUri(URI.create(provider().issuer() + "/.well-known/jwks.json")));

            present(jwt -> jwt.claim("aud", service().resource())).isIdentityError(400, "invalid_audience");
            present(jwt -> jwt).hasStatus(200);
        }

        @Test
        @DisplayName("T81: one service's resource is another's issuer: what is meant for one is no good at the other")
        void t81_resourceOfOneIsTheIssuerOfAnother() {
            ProtocolService other = service();
            ProtocolService one = startService(options -> options.issuer("https://one.example")
                    .resourcePath("")
                    .configure(
                            builder -> builder.trust(other.provider.trusted()).resourceAsAudience(false)));
            ProtocolService twin = startService(options -> options.issuer("https://two.example")
                    .configure(builder -> builder.trust(other.provider.trusted())));
            List<ProtocolService> all = List.of(other, one, twin);

            for (ProtocolService meant : all) {
                for (ProtocolService presented : all) {
                    for (String aud : namesOf(meant)) {
                        Answer idJag = presented.client.registerIdJag(
                                other.provider.idJag(aud).compact());
                        Answer logout = presented.client.logout(
                                other.provider.logout(aud, "nobody").compact());
                        if (namesOf(presented).contains(aud)) {
                            assertThat(meant).isSameAs(presented);
                            idJag.hasStatus(200);
                            logout.hasStatus(200);
                        } else {
                            idJag.isIdentityError(400, "invalid_audience");
                            logout.isCredentialError(400, "invalid_audience");
                        }
                    }
                }
            }
        }

        private Set<String> namesOf(ProtocolService service) {
            Set<String> names = new TreeSet<>(Set.of(service.issuer(), service.issuer() + "/"));
            if (!service.resource().equals(service.issuer())) {
                names.addAll(Set.of(service.resource(), service.resource() + "/"));
            }
            return names;
        }

        @Test
        @DisplayName("T81: with the switch off, what is for the server whose issuer the resource is, is refused")
        void t81_switchedOffNothingOfTheOtherServerIsTaken() {
            String shared = "https://shared.example";
            ProtocolService other =
                    startService(options -> options.issuer(shared).resourcePath("/api"));
            for (boolean on : List.of(true, false)) {
                ProtocolService one = ProtocolService.start(options -> options.configure(
                        builder -> builder.trust(other.provider.trusted()).resourceAsAudience(on)));
                try (one) {
                    String meantForOther = other.provider.idJag(one.resource()).compact();
                    Answer answer = one.client.registerIdJag(meantForOther);
                    if (on) {
                        answer.hasStatus(200);
                    } else {
                        answer.isIdentityError(400, "invalid_audience");
                    }
                }
            }
        }
    }

    @Nested
    @DisplayName("client_id: by default the issuer, or below it")
    final class ClientId {

        @Test
        void issuerAndWhatIsBelowIt() {
            String issuer = provider().issuer();
            for (String client :
                    List.of(issuer, issuer + "/a", issuer + "/agents/1", issuer + "/a/", issuer + "/...")) {
                present(jwt -> jwt.claim("client_id", client)).hasStatus(200);
            }
            for (String other : List.of(
                    issuer + "/",
                    issuer + "0/a",
                    issuer + ".example/a",
                    issuer + "/a?b",
                    issuer + "/a#b",
                    issuer + "/%61",
                    issuer + "/a\\b",
                    issuer + "/.",
                    issuer + "/../a",
                    issuer + "/a/./b",
                    issuer.replace("127.0.0.1", "localhost") + "/a",
                    "HTTP" + issuer.substring(4) + "/a",
                    "client-a")) {
                present(jwt -> jwt.claim("client_id", other)).isIdentityError(400, "invalid_client_id");
            }
        }

        @Test
        @DisplayName("A provider entry that names client ids is exact")
        void namedOnesAreExact() {
            String issuer = provider().issuer();
            service().trustOnly(provider().trusted().withClientIds(Set.of(issuer, "other")));

            present(jwt -> jwt.claim("client_id", issuer)).hasStatus(200);
            present(jwt -> jwt.claim("client_id", "other")).hasStatus(200);
            for (String below : List.of(issuer + "/a", issuer + "/", "other/a")) {
                present(jwt -> jwt.claim("client_id", below)).isIdentityError(400, "invalid_client_id");
            }
        }
    }

    @Nested
    @DisplayName("auth_time (0.5)")
    final class AuthTime {

        private void isLoginRequired(Answer answer, long maxAge) {
            answer.hasStatus(401).isJson().isNotStored();
            assertThat(answer.members())
                    .containsExactlyInAnyOrder("error", "code", "message", "error_description", "max_age");
            assertThat(answer.string("error")).isEqualTo("login_required");
            assertThat(answer.string("code")).isEqualTo("login_required");
            String text = answer.string("message");
            assertThat(answer.string("error_description")).isEqualTo(text);
            assertThat(text).matches("[ !\\x23-\\x5B\\x5D-\\x7E]{10,}");
            assertThat(answer.json().path("max_age").isIntegralNumber()).isTrue();
            assertThat(answer.json().path("max_age").longValue()).isEqualTo(maxAge);
            assertThat(answer.headers("WWW-Authenticate"))
                    .containsExactly("AgentAuth error=\"login_required\", max_age=\"" + maxAge
                            + "\", error_description=\"" + text + "\"");
        }

        @Test
        @DisplayName("at most max_age old and not in the future beyond the skew; else 401 login_required")
        void tooOldOrInTheFutureIsLoginRequired() {
            for (long good : List.of(NOW, NOW - 3600, NOW + 60)) {
                present(jwt -> jwt.claim("auth_time", good)).hasStatus(200);
            }
            for (long wrong : List.of(NOW - 3601, NOW + 61, 0L)) {
                isLoginRequired(present(jwt -> jwt.claim("auth_time", wrong)), 3600);
            }
            service().clock.advance(Duration.ofMillis(1));
            isLoginRequired(present(jwt -> jwt.claim("auth_time", NOW - 3600)), 3600);
        }

        @ParameterizedTest
        @ValueSource(strings = {"\"1777899600\"", "null", "true", "[]", "{}", "-1", "-0.5", "1e400", "253370764800"})
        @DisplayName("of another type, negative or not finite: invalid_request")
        void whatIsNoTimeIsInvalidRequest(String json) {
            present(jwt -> jwt.claimJson("auth_time", json)).isIdentityError(400, "invalid_request");
        }

        @Test
        @DisplayName("max_age (1 h, per provider)")
        void maxAgeIsTheProviders() {
            service().trustOnly(provider().trusted().withMaxLoginAge(Duration.ofMinutes(5)));

            present(jwt -> jwt.claim("auth_time", NOW - 300)).hasStatus(200);
            isLoginRequired(present(jwt -> jwt.claim("auth_time", NOW - 301)), 300);
        }

        @Test
        @DisplayName("Where absent: accepted, unless that provider is configured to send it (then login_required)")
        void absentIsAcceptedUnlessTheProviderMustSendIt() {
            present(jwt -> jwt).hasStatus(200);
            TrustedProvider strict = provider().trusted().withLoginTimeRequired(true);
            service().trustOnly(strict);

            isLoginRequired(present(jwt -> jwt), 3600);
            present(jwt -> jwt.claim("auth_time", NOW)).hasStatus(200);
        }

        @Test
        void refusalBurnsNoJtiAndMakesNothingAndIsAudited() {
            String jti = UUID.randomUUID().toString();
            isLoginRequired(present(jwt -> jwt.claim("jti", jti).claim("auth_time", 1)), 3600);

            assertThat(service().audit.newest("provider.rejected").fields())
                    .containsEntry("error", "login_required")
                    .containsEntry("iss", provider().issuer());
            assertThat(service().audit.of("registration.created")).isEmpty();
            present(jwt -> jwt.claim("jti", jti).claim("auth_time", NOW)).hasStatus(200);
        }

        @Test
        @DisplayName("whatever else is wrong is said first: logging in would not help")
        void otherErrorsComeFirst() {
            present(jwt -> jwt.claim("auth_time", 1).claim("resource", "x")).isIdentityError(400, "invalid_target");
            present(jwt -> jwt.claim("auth_time", 1).claim("email_verified", false))
                    .isIdentityError(400, "missing_verified_email");
        }
    }

    @Nested
    @DisplayName("T82: times are JSON numbers, read as a double, finite and within 0 … the year 9999")
    final class Times {

        @Test
        void fractionIsCut() {
            Instant now = ProtocolService.START;
            present(jwt -> jwt.claimJson("iat", NOW + ".999").claimJson("exp", (NOW + 300) + ".5"))
                    .hasStatus(200);
            present(jwt -> jwt.claimJson("iat", NOW + ".0").claimJson("nbf", "1.7778996E9"))
                    .hasStatus(200);
            logOut(jwt -> jwt.claimJson("iat", NOW + ".25")).hasStatus(200);
            // 60.9 s ahead is 60 s ahead.
            present(jwt -> jwt.subject("s-2").email(BOB).claimJson("iat", (NOW + 60) + ".9"))
                    .hasStatus(200);
            // A lifetime of 3600.9 s is one of 3600 s.
            present(jwt -> jwt.subject("s-3")
                            .email("c@example.com")
                            .claimJson("iat", NOW + ".0")
                            .claimJson("exp", (NOW + 3600) + ".9"))
                    .hasStatus(200);
            assertThat(service().clock.instant()).isEqualTo(now);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "-0.5",
                    "-1",
                    "NaN",
                    "Infinity",
                    "1e400",
                    "1e999999999",
                    "-1e999999999",
                    "1e2147483648",
                    "253370764800",
                    "253370764800.5",
                    "2.533707648e11"
                })
        void t82_numberOutOfRangeIsInvalidRequestHoweverItIsWritten(String json) {
            for (String claim : List.of("iat", "exp", "nbf", "auth_time")) {
                present(jwt -> jwt.claimJson(claim, json)).isIdentityError(400, "invalid_request");
            }
            for (String claim : List.of("iat", "exp", "nbf")) {
                logOut(jwt -> jwt.claimJson(claim, json)).isCredentialError(400, "invalid_request");
            }
        }
    }

    @Nested
    @DisplayName("Keys")
    final class Keys {

        @Test
        @DisplayName("alg Ed25519 (RFC 9864) is EdDSA's other name, in headers and keys")
        void bothNamesOfEdDsa() {
            for (String inKey : List.of("EdDSA", "Ed25519")) {
                ProviderSigner signer = ProviderSigner.ed25519();
                Map<String, Object> jwk = signer.publicJwk();
                jwk.put("alg", inKey);
                provider().publish(jwk);
                for (String inHeader : List.of("EdDSA", "Ed25519")) {
                    present(jwt -> jwt.signedBy(signer).header("alg", inHeader)).hasStatus(200);
                }
                present(jwt -> jwt.signedBy(signer).header("alg", "ed25519")).isIdentityError(400, "invalid_request");
            }
        }

        @Test
        @DisplayName("… so a provider that may not sign by the one may not sign by the other")
        void otherNameIsNoWayAroundWhatIsAllowed() {
            ProviderSigner signer = ProviderSigner.ed25519();
            provider().publish(signer.publicJwk());
            service().trustOnly(provider().trusted().withAlgorithms(Set.of("ES256")));

            present(jwt -> jwt.signedBy(signer).header("alg", "Ed25519")).isIdentityError(400, "invalid_request");
        }

        @Test
        @DisplayName("A JWKS may begin with a byte order mark")
        void byteOrderMark() {
            String keys = Client.json("keys", List.of(provider().signer().publicJwk()));
            provider().publishText("\uFEFF" + keys);

            present(jwt -> jwt).hasStatus(200);
        }

        @Test
        void twoByteOrderMarksAreNoKeySet() {
            provider().publishText("\uFEFF\uFEFF" + Client.json("keys", List.of()));

            present(jwt -> jwt).isIdentityError(503, "temporarily_unavailable");
        }
    }

    @Nested
    @DisplayName("At /oauth2/token, a resource that is an origin means the same with and without its closing slash")
    final class TokenResource {

        @ParameterizedTest
        @ValueSource(strings = {"", "/"})
        void originWithAndWithoutSlash(String path) {
            startService(options -> options.resourcePath(path).withoutApi());
            String origin = service().root();
            String assertion = registerAnonymously().assertion();

            client().exchange(assertion, "resource", origin).hasStatus(200);
            client().exchange(assertion, "resource", origin + "/").hasStatus(200);
            client().exchange(assertion, "resource", origin, "resource", origin + "/")
                    .hasStatus(200);
            for (String other :
                    List.of(origin + "//", origin + "/x", origin + "?", origin + "#", "https://other.example")) {
                client().exchange(assertion, "resource", other).isCredentialError(400, "invalid_target");
            }
        }

        @Test
        void oneWithAPathIsExact() {
            String assertion = registerAnonymously().assertion();

            client().exchange(assertion, "resource", service().resource()).hasStatus(200);
            client().exchange(assertion, "resource", service().resource() + "/")
                    .isCredentialError(400, "invalid_target");
        }
    }
}
