package dev.agentauth.servlet.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import dev.agentauth.config.ExistingUserPolicy;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A1. Discovery")
final class A1DiscoveryTest extends ProtocolTest {
    private static final String RESOURCE_METADATA = "/.well-known/oauth-protected-resource";
    private static final String SERVER_METADATA = "/.well-known/oauth-authorization-server";
    private static final String JWKS = "/.well-known/jwks.json";

    private static Set<String> names(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(element -> texts.add(element.asText()));
        return texts;
    }

    private JsonNode agentAuth() {
        return client().get(SERVER_METADATA).hasStatus(200).json().path("agent_auth");
    }

    @Nested
    @DisplayName("All documents: GET, HEAD, 200, Cache-Control: public, max-age=300, Access-Control-Allow-Origin: *")
    final class AllDocuments {

        @ParameterizedTest
        @MethodSource("dev.agentauth.servlet.protocol.Endpoint#documents")
        void documentsAreOpenToAllAndCachedForFiveMinutes(Endpoint document) {
            for (String method : List.of("GET", "HEAD")) {
                Answer answer =
                        client().send(method, document.path, new byte[0]).hasStatus(200);
                assertThat(answer.header("Cache-Control").replace(" ", "")).isEqualTo("public,max-age=300");
                assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo("*");
                assertThat(answer.headers("Set-Cookie")).isEmpty();
                if (document == Endpoint.AUTH_MD) {
                    assertThat(answer.header("Content-Type")
                                    .toLowerCase(java.util.Locale.ROOT)
                                    .replace(" ", ""))
                            .isEqualTo("text/markdown;charset=utf-8");
                } else {
                    answer.isJson();
                }
            }
        }

        static Stream<Arguments> hosts() {
            return Stream.of("evil.example", "evil.example:443", "127.0.0.1", "localhost", "[::1]:1")
                    .flatMap(host -> Endpoint.documents().map(document -> Arguments.of(document, host)));
        }

        @ParameterizedTest
        @MethodSource("hosts")
        @DisplayName("every URL in them comes from configuration, never from the Host header")
        void urlsDoNotDependOnTheHost(Endpoint document, String host) {
            String expected = client().get(document.path).hasStatus(200).text();

            Answer answer = service()
                    .raw
                    .send(
                            "GET " + document.path + " HTTP/1.1",
                            "Host: " + host,
                            "X-Forwarded-Host: " + host,
                            "X-Forwarded-Proto: https",
                            "Forwarded: host=" + host + ";proto=https");

            assertThat(answer.hasStatus(200).text())
                    .isEqualTo(expected)
                    .contains(document == Endpoint.JWKS ? "keys" : service().issuer());
        }

        @Test
        @DisplayName("T45: no cross-origin reads but of public documents")
        void onlyDocumentsAllowOtherOrigins() {
            String link = invite(registerAnonymously(), ADA);
            String origin = "https://elsewhere.example";

            Endpoint.documents()
                    .forEach(document -> assertThat(client().get(document.path, "Origin", origin)
                                    .headers("Access-Control-Allow-Credentials"))
                            .isEmpty());
            assertThat(client().get("/agent/identity/claim/view?token=" + link, "Origin", origin)
                            .headers("Access-Control-Allow-Origin"))
                    .isEmpty();
            Endpoint.posts().forEach(endpoint -> {
                for (String body : List.of(endpoint.goodBody(A1DiscoveryTest.this), "")) {
                    Answer answer = client().send(
                                    "POST",
                                    endpoint.path,
                                    Client.utf8(body),
                                    "Content-Type",
                                    endpoint.contentType(),
                                    "Origin",
                                    origin);
                    assertThat(answer.headers("Access-Control-Allow-Origin"))
                            .as("%s", endpoint)
                            .isEmpty();
                    assertThat(answer.headers("Access-Control-Allow-Credentials"))
                            .isEmpty();
                }
                Answer preflight = client().send(
                                "OPTIONS",
                                endpoint.path,
                                new byte[0],
                                "Origin",
                                origin,
                                "Access-Control-Request-Method",
                                "POST");
                assertThat(preflight.headers("Access-Control-Allow-Origin")).isEmpty();
                assertThat(preflight.headers("Access-Control-Allow-Methods")).isEmpty();
            });
        }
    }

    @Nested
    @DisplayName(
            "Where issuer or resource has a path, each document is served at the inserted location and at the appended one")
    final class Locations {

        @Test
        @DisplayName("issuer and resource without a path: at the root")
        void withoutAPath() {
            startService(options -> options.withoutApi().resourcePath(""));

            assertThat(client().get(SERVER_METADATA).hasStatus(200).string("issuer"))
                    .isEqualTo(service().issuer());
            assertThat(client().get(RESOURCE_METADATA).hasStatus(200).string("resource"))
                    .isEqualTo(service().resource());
        }

        @ParameterizedTest
        @ValueSource(strings = {"/api/", "/api", "/a/b", "/"})
        @DisplayName("for a resource https://h/api/ also /.well-known/oauth-protected-resource/api/")
        void resourceWithAPath(String path) {
            startService(options -> options.withoutApi().resourcePath(path));
            String atRoot = client().get(RESOURCE_METADATA).hasStatus(200).text();

            assertThat(client().get(RESOURCE_METADATA).string("resource"))
                    .isEqualTo(service().resource());
            assertThat(client().get(RESOURCE_METADATA + path).hasStatus(200).text())
                    .isEqualTo(atRoot);
            String appended = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
            assertThat(client().get(appended + RESOURCE_METADATA).hasStatus(200).text())
                    .isEqualTo(atRoot);
        }

        @Test
        @DisplayName("not at the path of something else")
        void otherPathIs404() {
            startService(options -> options.withoutApi().resourcePath("/api"));

            client().get(RESOURCE_METADATA + "/api").hasStatus(200);
            for (String path : List.of("/apis", "/ap", "/api/x", "/API", "/%61pi/x")) {
                client().get(RESOURCE_METADATA + path).hasStatus(404);
                client().get(SERVER_METADATA + path).hasStatus(404);
            }
        }

        @Test
        @DisplayName("the resource's metadata names itself at its inserted path")
        void challengeNamesTheInsertedPath() {
            assertThat(client().get("/api/things").hasStatus(401).header("WWW-Authenticate"))
                    .contains("\"" + service().issuer() + RESOURCE_METADATA + "/api\"");
            client().get(RESOURCE_METADATA + "/api").hasStatus(200);
        }

        @Test
        @DisplayName(
                "the servlet below a context path answers at the appended location, a second servlet at the root at the inserted one")
        void belowAContextPathWithTheSecondServlet() {
            startService(options -> options.issuerPath("/auth")
                    .contextPath("/auth")
                    .resourcePath("/api")
                    .withoutApi()
                    .withWellKnownServletAtRoot());
            Client root = service().clientAt("");
            String server = client().get(SERVER_METADATA).hasStatus(200).text();
            String resource = client().get(RESOURCE_METADATA).hasStatus(200).text();

            assertThat(root.get(SERVER_METADATA + "/auth").hasStatus(200).text())
                    .isEqualTo(server);
            assertThat(root.get(RESOURCE_METADATA + "/api").hasStatus(200).text())
                    .isEqualTo(resource);
            assertThat(root.get(RESOURCE_METADATA).hasStatus(200).text()).isEqualTo(resource);
            assertThat(root.get("/auth" + SERVER_METADATA).hasStatus(200).string("issuer"))
                    .isEqualTo(service().root() + "/auth");
        }

        @Test
        @DisplayName("every URL that the documents name leads to its endpoint, below a context path too")
        void everyNamedUrlLeadsToItsEndpoint() {
            startService(
                    options -> options.issuerPath("/auth").contextPath("/auth").withoutApi());

            everyNamedUrlAnswers();
        }

        @Test
        @DisplayName("… and where the servlet is mapped below a path")
        void everyNamedUrlLeadsToItsEndpointBelowAMapping() {
            startService(options ->
                    options.issuerPath("/agents").mappings("/agents/*").withoutApi());

            everyNamedUrlAnswers();
        }

        @Test
        @DisplayName("… and where the servlet is mapped to the endpoints' own paths")
        void everyNamedUrlLeadsToItsEndpointWithSeveralMappings() {
            startService(options -> options.mappings("/agent/*", "/oauth2/*", "/.well-known/*", "/auth.md"));

            everyNamedUrlAnswers();
            client().get(RESOURCE_METADATA + "/api").hasStatus(200);
        }

        @Test
        @DisplayName("… and behind a proxy that strips a path the documents name what the configuration says")
        void behindAProxyThatStripsAPath() {
            startService(
                    options -> options.issuer("https://id.example.com/tenant").withoutApi());

            JsonNode metadata = client().get(SERVER_METADATA).hasStatus(200).json();
            assertThat(metadata.path("issuer").asText()).isEqualTo("https://id.example.com/tenant");
            assertThat(metadata.path("token_endpoint").asText())
                    .isEqualTo("https://id.example.com/tenant/oauth2/token");
            Registered agent = registerAnonymously();
            claim(agent, ADA);
            assertThat(service().mail.newest().link())
                    .startsWith("https://id.example.com/tenant/agent/identity/claim/view?token=cvt_");
            client().exchange(agent.assertion()).hasStatus(200);
            client().get(SERVER_METADATA + "/tenant").hasStatus(200);
            client().get(RESOURCE_METADATA + "/tenant/api").hasStatus(200);
        }

        private void everyNamedUrlAnswers() {
            JsonNode metadata = client().get(SERVER_METADATA).hasStatus(200).json();
            JsonNode block = metadata.path("agent_auth");
            Client anywhere = service().clientAt("");
            for (JsonNode url : List.of(metadata.path("jwks_uri"), block.path("skill"))) {
                anywhere.get(pathOf(url)).hasStatus(200);
            }
            for (JsonNode url : List.of(
                    metadata.path("token_endpoint"),
                    metadata.path("revocation_endpoint"),
                    block.path("identity_endpoint"),
                    block.path("claim_endpoint"),
                    block.path("revocation_uri"),
                    block.path("register_uri"),
                    block.path("claim_uri"),
                    block.path("anonymous").path("claim_uri"))) {
                assertThat(anywhere.get(pathOf(url)).hasStatus(405).header("Allow"))
                        .isEqualTo("POST");
            }
            Registered agent = registerAnonymously();
            Answer page = anywhere.get(pathOf(invite(agent, ADA), "/agent/identity/claim/view?token="));
            assertThat(page.hasStatus(200).text()).contains(agent.id());
        }

        private String pathOf(JsonNode url) {
            assertThat(url.asText()).startsWith(service().root());
            return URI.create(url.asText()).getPath();
        }

        private String pathOf(String token, String expected) {
            String link = service().mail.newest().link();
            assertThat(link).isEqualTo(service().issuer() + expected + token);
            return link.substring(service().root().length());
        }
    }

    @Nested
    @DisplayName("Protected resource metadata (RFC 9728)")
    final class ResourceMetadata {

        @Test
        @DisplayName(
                "resource, resource_name, authorization_servers, scopes_supported, bearer_methods_supported, and nothing else")
        void members() {
            Answer metadata = client().get(RESOURCE_METADATA)
                    .isOkWith(
                            "resource",
                            "resource_name",
                            "authorization_servers",
                            "scopes_supported",
                            "bearer_methods_supported");

            assertThat(metadata.string("resource")).isEqualTo(service().resource());
            assertThat(metadata.string("resource_name")).isEqualTo(ProtocolService.NAME);
            assertThat(metadata.strings("authorization_servers"))
                    .containsExactly(service().issuer());
            assertThat(metadata.strings("scopes_supported"))
                    .containsExactly(ProtocolService.READ, ProtocolService.WRITE, ProtocolService.ADMIN);
            assertThat(metadata.strings("bearer_methods_supported")).containsExactly("header");
        }

        @Test
        @DisplayName("resource_logo_uri (only if configured)")
        void logoIfConfigured() {
            startService(options ->
                    options.configure(builder -> builder.resourceLogo(URI.create("https://cdn.example/logo.png"))));

            assertThat(client().get(RESOURCE_METADATA).string("resource_logo_uri"))
                    .isEqualTo("https://cdn.example/logo.png");
        }
    }

    @Nested
    @DisplayName("Authorization server metadata (RFC 8414)")
    final class ServerMetadata {

        @Test
        @DisplayName("all the members, and nothing else")
        void members() {
            Answer metadata = client().get(SERVER_METADATA)
                    .isOkWith(
                            "issuer",
                            "token_endpoint",
                            "revocation_endpoint",
                            "jwks_uri",
                            "grant_types_supported",
                            "response_types_supported",
                            "token_endpoint_auth_methods_supported",
                            "revocation_endpoint_auth_methods_supported",
                            "scopes_supported",
                            "service_documentation",
                            "resource",
                            "authorization_servers",
                            "bearer_methods_supported",
                            "agent_auth");
            String base = service().issuer();

            assertThat(metadata.string("issuer")).isEqualTo(base);
            assertThat(metadata.string("token_endpoint")).isEqualTo(base + "/oauth2/token");
            assertThat(metadata.string("revocation_endpoint")).isEqualTo(base + "/oauth2/revoke");
            assertThat(metadata.string("jwks_uri")).isEqualTo(base + JWKS);
            assertThat(metadata.strings("grant_types_supported"))
                    .contains("urn:ietf:params:oauth:grant-type:jwt-bearer");
            assertThat(metadata.strings("response_types_supported")).isEmpty();
            assertThat(metadata.strings("token_endpoint_auth_methods_supported"))
                    .containsExactly("none");
            assertThat(metadata.strings("revocation_endpoint_auth_methods_supported"))
                    .containsExactly("none");
            assertThat(metadata.strings("scopes_supported"))
                    .containsExactly(ProtocolService.READ, ProtocolService.WRITE, ProtocolService.ADMIN);
            assertThat(metadata.string("resource")).isEqualTo(service().resource());
            assertThat(metadata.strings("authorization_servers")).containsExactly(base);
            assertThat(metadata.strings("bearer_methods_supported")).containsExactly("header");
        }

        @Test
        @DisplayName("the agent_auth block, with the 0.1 names on by default")
        void agentAuthBlock() {
            String base = service().issuer();
            JsonNode block = agentAuth();

            assertThat(names(block))
                    .containsExactlyInAnyOrder(
                            "skill",
                            "identity_endpoint",
                            "claim_endpoint",
                            "revocation_uri",
                            "identity_types_supported",
                            "identity_assertion",
                            "events_endpoint",
                            "events_supported",
                            "register_uri",
                            "claim_uri",
                            "anonymous");
            assertThat(block.path("skill").asText()).isEqualTo(base + "/auth.md");
            assertThat(block.path("identity_endpoint").asText()).isEqualTo(base + "/agent/identity");
            assertThat(block.path("claim_endpoint").asText()).isEqualTo(base + "/agent/identity/claim");
            assertThat(block.path("revocation_uri").asText()).isEqualTo(base + "/agent/auth/revoke");
            assertThat(texts(block.path("identity_types_supported")))
                    .containsExactly("anonymous", "identity_assertion", "service_auth");
            assertThat(names(block.path("identity_assertion")))
                    .containsExactlyInAnyOrder("assertion_types_supported", "credential_types_supported");
            assertThat(texts(block.path("identity_assertion").path("assertion_types_supported")))
                    .containsExactly(Client.ID_JAG, "verified_email");
            assertThat(texts(block.path("identity_assertion").path("credential_types_supported")))
                    .containsExactly("access_token");
            assertThat(texts(block.path("events_supported")))
                    .containsExactly(
                            "https://schemas.workos.com/events/agent/auth/identity/assertion/revoked",
                            "https://schemas.workos.com/events/agent/identity/assertion/revoked");
            assertThat(block.path("register_uri")).isEqualTo(block.path("identity_endpoint"));
            assertThat(block.path("claim_uri")).isEqualTo(block.path("claim_endpoint"));
            assertThat(names(block.path("anonymous")))
                    .containsExactlyInAnyOrder("credential_types_supported", "claim_uri");
            assertThat(texts(block.path("anonymous").path("credential_types_supported")))
                    .containsExactly("access_token");
            assertThat(block.path("anonymous").path("claim_uri")).isEqualTo(block.path("claim_endpoint"));
        }

        @Test
        @DisplayName("one switch turns the 0.1 names off")
        void withoutTheOldNames() {
            startService(options -> options.configure(builder -> builder.legacyDiscoveryNames(false)));

            assertThat(names(agentAuth()))
                    .containsExactlyInAnyOrder(
                            "skill",
                            "identity_endpoint",
                            "claim_endpoint",
                            "revocation_uri",
                            "identity_types_supported",
                            "identity_assertion",
                            "events_endpoint",
                            "events_supported");
            assertThat(names(agentAuth().path("identity_assertion"))).containsExactly("assertion_types_supported");
        }

        @Test
        @DisplayName("only those enabled: without anonymous")
        void withoutAnonymous() {
            startService(options -> options.configure(builder -> builder.anonymous(false)));

            assertThat(texts(agentAuth().path("identity_types_supported")))
                    .containsExactly("identity_assertion", "service_auth");
            assertThat(agentAuth().has("anonymous")).isFalse();
        }

        @Test
        @DisplayName("only those enabled: without verified_email")
        void withoutVerifiedEmail() {
            startService(options -> options.configure(builder -> builder.verifiedEmail(false)));

            assertThat(texts(agentAuth().path("identity_assertion").path("assertion_types_supported")))
                    .containsExactly(Client.ID_JAG);
        }

        @Test
        @DisplayName("only those enabled: without ID-JAG")
        void withoutIdJag() {
            startService(ProtocolService.Options::trustingNobody);

            assertThat(texts(agentAuth().path("identity_assertion").path("assertion_types_supported")))
                    .containsExactly("verified_email");
        }

        @Test
        @DisplayName("only those enabled: anonymous alone")
        void anonymousAlone() {
            startService(options -> options.trustingNobody().configure(builder -> builder.verifiedEmail(false)));

            assertThat(texts(agentAuth().path("identity_types_supported"))).containsExactly("anonymous");
            assertThat(agentAuth().has("identity_assertion")).isFalse();
        }

        @Test
        @DisplayName("issuer equals the PRM's authorization_servers[0] character by character")
        void issuerEqualsAuthorizationServer() {
            startService(
                    options -> options.issuerPath("/auth").contextPath("/auth").withoutApi());

            String issuer = client().get(SERVER_METADATA).string("issuer");
            assertThat(client().get(RESOURCE_METADATA)
                            .strings("authorization_servers")
                            .get(0))
                    .isEqualTo(issuer)
                    .doesNotEndWith("/");
        }

        @Test
        @DisplayName("the trusted providers are never listed")
        void providersAreNotListed() {
            registerIdJag(idJag());

            Endpoint.documents()
                    .forEach(document -> assertThat(
                                    client().get(document.path).hasStatus(200).text())
                            .as("%s", document)
                            .doesNotContain(provider().issuer())
                            .doesNotContain("Fake Provider"));
        }
    }

    @Nested
    @DisplayName("JWKS at /.well-known/jwks.json")
    final class Keys {

        private JWKSet keys() throws ParseException {
            return JWKSet.parse(client().get(JWKS).hasStatus(200).text());
        }

        private Set<String> keyIds() throws ParseException {
            Set<String> ids = new TreeSet<>();
            keys().getKeys().forEach(key -> ids.add(key.getKeyID()));
            return ids;
        }

        private String signedWith(String assertion) throws ParseException {
            return JWSObject.parse(assertion).getHeader().getKeyID();
        }

        @Test
        @DisplayName("kty, crv, x, y, alg: ES256, use: sig, kid = RFC 7638 thumbprint; no private member, ever")
        void members() throws ParseException, JOSEException {
            Answer answer = client().get(JWKS).isOkWith("keys");

            assertThat(answer.json().path("keys"))
                    .isNotEmpty()
                    .allSatisfy(key -> assertThat(names(key))
                            .containsExactlyInAnyOrder("kty", "crv", "x", "y", "alg", "use", "kid"));
            for (JWK key : keys().getKeys()) {
                assertThat(key.isPrivate()).isFalse();
                assertThat(key.getKeyType().getValue()).isEqualTo("EC");
                assertThat(key.toECKey().getCurve().getName()).isEqualTo("P-256");
                assertThat(key.getAlgorithm().getName()).isEqualTo("ES256");
                assertThat(key.getKeyUse().getValue()).isEqualTo("sig");
                assertThat(key.getKeyID()).isEqualTo(key.computeThumbprint().toString());
            }
        }

        @Test
        @DisplayName("the key verifies what the service signs")
        void keyVerifiesAssertions() throws ParseException, JOSEException {
            JWSObject assertion = JWSObject.parse(registerAnonymously().assertion());
            ECKey key = keys().getKeyByKeyId(assertion.getHeader().getKeyID()).toECKey();

            assertThat(assertion.verify(new ECDSAVerifier(key))).isTrue();
        }

        @Test
        @DisplayName("a new key is published at least 10 minutes before it signs")
        void newKeyIsPublishedBeforeItSigns() throws ParseException {
            String old = signedWith(registerAnonymously().assertion());
            service().signingKeys.rotate(Duration.ofHours(1));

            assertThat(keyIds()).hasSize(2).contains(old);
            assertThat(signedWith(registerAnonymously().assertion())).isEqualTo(old);
            service().clock.advance(Duration.ofMinutes(10).minusMillis(1));
            assertThat(signedWith(registerAnonymously().assertion())).isEqualTo(old);
            service().clock.advance(Duration.ofMillis(1));
            assertThat(signedWith(registerAnonymously().assertion()))
                    .isNotEqualTo(old)
                    .isIn(keyIds());
        }

        @Test
        @DisplayName("an old one stays until the last assertion that it signed has expired; any published key verifies")
        void oldKeyStaysUntilItsLastAssertionHasExpired() throws ParseException {
            service().signingKeys.rotate(Duration.ofHours(1));
            service().clock.advance(Duration.ofMinutes(10).minusSeconds(1));
            Registered last = registerAnonymously();
            String old = signedWith(last.assertion());
            service().clock.advance(Duration.ofHours(1).minusMillis(1));

            assertThat(keyIds()).contains(old);
            client().exchange(last.assertion()).hasStatus(200);
            Registered signedByTheNew = registerAnonymously();
            assertThat(signedWith(signedByTheNew.assertion())).isNotEqualTo(old);
            client().exchange(signedByTheNew.assertion()).hasStatus(200);

            service().clock.advance(Duration.ofSeconds(2));
            client().exchange(last.assertion()).isCredentialError(400, "invalid_grant");
            assertThat(keyIds()).doesNotContain(old).isNotEmpty();
            client().exchange(signedByTheNew.assertion()).hasStatus(200);
        }
    }

    @Nested
    @DisplayName("/auth.md: the procedural recipe that an agent reads")
    final class AuthMd {

        private String text() {
            return client().get("/auth.md").hasStatus(200).text();
        }

        @Test
        @DisplayName("first heading # auth.md")
        void firstHeading() {
            assertThat(text().lines().filter(line -> line.startsWith("#")).findFirst())
                    .contains("# auth.md");
        }

        @Test
        @DisplayName(
                "discover → ask the person before asserting who they are → register → claim → exchange → use → handle revocation")
        void stepsInOrder() {
            assertThat(text().toLowerCase(java.util.Locale.ROOT)
                            .lines()
                            .filter(line -> line.matches("##+ .*"))
                            .toList()
                            .toString())
                    .containsSubsequence("discover", "ask the person", "register", "claim", "exchange", "use", "stop");
            assertThat(text()).contains("Ask the person before you say who they are");
        }

        @Test
        @DisplayName("generated from the same configuration as the discovery documents: real URLs, real scopes")
        void realUrlsAndScopes() {
            JsonNode metadata = client().get(SERVER_METADATA).json();

            assertThat(text())
                    .contains(
                            metadata.path("token_endpoint").asText(),
                            metadata.path("revocation_endpoint").asText(),
                            metadata.path("agent_auth")
                                    .path("identity_endpoint")
                                    .asText(),
                            metadata.path("agent_auth").path("claim_endpoint").asText() + "/complete",
                            service().issuer() + RESOURCE_METADATA + "/api",
                            ProtocolService.READ,
                            ProtocolService.WRITE,
                            ProtocolService.ADMIN,
                            ProtocolService.NAME)
                    .doesNotContain("example.org");
        }

        @Test
        @DisplayName("request and response examples for every method that is enabled")
        void examplesOfEnabledMethods() {
            assertThat(text())
                    .contains(
                            "{\"type\":\"anonymous\"}",
                            "\"verified_email\"",
                            Client.ID_JAG,
                            "grant_type=" + Client.JWT_BEARER)
                    .contains("\"claim_token\"", "\"otp\"", "\"access_token\"", "Authorization: Bearer");
        }

        @Test
        @DisplayName("only enabled methods")
        void nothingOfDisabledMethods() {
            startService(options -> options.trustingNobody().configure(builder -> builder.verifiedEmail(false)));

            assertThat(text())
                    .contains("{\"type\":\"anonymous\"}")
                    .doesNotContain("\"verified_email\"")
                    .doesNotContain("\"identity_assertion\",\"assertion_type\"")
                    .doesNotContain(Client.ID_JAG)
                    .doesNotContain("replay_detected")
                    .doesNotContain("interaction_required");
        }

        @Test
        @DisplayName("only enabled methods: without anonymous registration")
        void nothingAboutAnonymousAgents() {
            startService(options -> options.configure(builder -> builder.anonymous(false)));

            assertThat(text()).contains("\"verified_email\"").doesNotContain("{\"type\":\"anonymous\"}");
        }

        @Test
        @DisplayName("only enabled methods: no step-up where existing users are not asked")
        void nothingAboutStepUpWhereThereIsNone() {
            startService(options -> options.configure(builder -> builder.existingUsers(ExistingUserPolicy.REFUSE)));

            assertThat(text()).contains(Client.ID_JAG).doesNotContain("401 `interaction_required`");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "invalid_request",
                    "invalid_issuer",
                    "invalid_signature",
                    "expired",
                    "invalid_audience",
                    "invalid_target",
                    "invalid_client_id",
                    "replay_detected",
                    "missing_verified_email",
                    "interaction_required",
                    "user_not_found",
                    "rate_limited",
                    "temporarily_unavailable",
                    "invalid_claim_token",
                    "claimed_or_in_flight",
                    "claim_expired",
                    "claim_rejected",
                    "otp_invalid",
                    "otp_not_generated",
                    "otp_expired",
                    "previously_claimed",
                    "unsupported_grant_type",
                    "invalid_grant",
                    "invalid_scope",
                    "unsupported_token_type",
                    "invalid_token",
                    "insufficient_scope"
                })
        @DisplayName("the error table with what to do for each code")
        void errorTable(String code) {
            assertThat(text()).containsPattern("(?m)^\\| `" + code + "` \\| \\d{3} \\| .{20,} \\|$");
        }

        @Test
        @DisplayName("the retry policy (5xx: back off and repeat; 4xx: act on the table)")
        void retryPolicy() {
            assertThat(text()).containsPattern("5xx.*[Rr]etry-After").containsPattern("4xx.*table");
        }

        @Test
        @DisplayName("an ID-JAG is to be minted with aud = the issuer")
        void audienceOfAnIdJag() {
            assertThat(text()).contains("`aud` = `" + service().issuer() + "`");
        }

        @Test
        @DisplayName(
                "an expired access token: exchange the same assertion again; invalid_grant or an expired assertion: start over at registration; a 401 for a token that worked: exchange once, else discovery")
        void whatToDoWhenThingsEnd() {
            assertThat(text())
                    .containsPattern("(?s)expired access token.{0,10}exchange the same assertion again")
                    .containsPattern("(?s)`invalid_grant`, or an expired assertion.{0,10}start over at registration")
                    .containsPattern("(?s)a token that worked.{0,10}exchange the current assertion once")
                    .containsPattern("(?s)discard the assertion and start over at discovery");
        }
    }
}
