package dev.agentauth.servlet.protocol;

import static dev.agentauth.servlet.protocol.Client.form;
import static dev.agentauth.servlet.protocol.Client.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.agentauth.servlet.AgentAuthServlet;
import dev.agentauth.servlet.protocol.ProtocolService.Options;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A1. Wherever the servlet is mounted, agents that follow the documents get through")
final class MountingTest extends ProtocolTest {

    /** Where the servlet stands. */
    enum Mounting {
        ROOT("", "/api"),
        BELOW_A_PATH("/auth", "/api"),
        SEVERAL_MAPPINGS("", "/api"),
        NARROW_MAPPINGS("", "/api"),
        CONTEXT_PATH("/auth", "/auth/api"),
        CONTEXT_PATH_AND_MAPPING("/app/auth", "/app/api"),
        CONTEXT_PATH_AND_SEVERAL_MAPPINGS("/auth", "/auth/api"),
        BEHIND_A_STRIPPING_PROXY("/auth", "/auth/api");

        private final String base;
        private final String resource;

        Mounting(String base, String resource) {
            this.base = base;
            this.resource = resource;
        }

        private Options applyTo(Options options) {
            String[] own = {"/agent/*", "/oauth2/*", "/.well-known/*", "/auth.md"};
            options.issuerPath(base).resourcePath(resource);
            return switch (this) {
                case ROOT, BEHIND_A_STRIPPING_PROXY -> options;
                case BELOW_A_PATH -> options.mappings("/auth/*", "/.well-known/*");
                case SEVERAL_MAPPINGS -> options.mappings(own);
                case NARROW_MAPPINGS -> options.mappings(AgentAuthServlet.mappings());
                case CONTEXT_PATH -> options.contextPath("/auth").withWellKnownServletAtRoot();
                case CONTEXT_PATH_AND_MAPPING ->
                    options.contextPath("/app").mappings("/auth/*").withWellKnownServletAtRoot();
                case CONTEXT_PATH_AND_SEVERAL_MAPPINGS ->
                    options.contextPath("/auth")
                            .mappings(AgentAuthServlet.mappings())
                            .withWellKnownServletAtRoot();
            };
        }
    }

    /** Starts the service; the host as agents see it. */
    private String host(Mounting mounting) {
        if (mounting != Mounting.BEHIND_A_STRIPPING_PROXY) {
            return startService(mounting::applyTo).root();
        }
        StrippingProxy proxy = closing(new StrippingProxy("/auth"));
        ProtocolService service = startService(options -> options.issuer(proxy.root() + "/auth"));
        proxy.forwardTo(service.client);
        return proxy.root();
    }

    private static Answer get(String url) {
        return new Client(url).get("");
    }

    private static Answer post(String url, String json) {
        return new Client(url).postJson("", json);
    }

    @ParameterizedTest
    @EnumSource
    void documentsAreWhereClientsLookForThem(Mounting mounting) {
        String host = host(mounting);
        String issuer = host + mounting.base;

        assertThat(service().issuer()).isEqualTo(issuer);
        for (String url : List.of(
                host + "/.well-known/oauth-authorization-server" + mounting.base,
                issuer + "/.well-known/oauth-authorization-server")) {
            assertThat(get(url).hasStatus(200).string("issuer")).as(url).isEqualTo(issuer);
        }
        for (String url : List.of(
                host + "/.well-known/oauth-protected-resource" + mounting.resource,
                issuer + "/.well-known/oauth-protected-resource")) {
            assertThat(get(url).hasStatus(200).string("resource")).as(url).isEqualTo(host + mounting.resource);
        }
        get(issuer + "/.well-known/oauth-nothing").hasStatus(404);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("F16: the resource's document is also below the base, followed by the resource's path below the base")
    void f16_resourceDocumentIsBelowTheBaseLikeTheServers(Mounting mounting) {
        String host = host(mounting);
        String issuer = host + mounting.base;
        if (mounting.resource.startsWith(mounting.base + "/")) {
            String url = issuer + "/.well-known/oauth-protected-resource"
                    + mounting.resource.substring(mounting.base.length());
            assertThat(get(url).hasStatus(200).string("resource")).isEqualTo(host + mounting.resource);
            get(url + "/x").hasStatus(404);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "from the 401 of the API to a claimed registration and back to the API, by the URLs in the answers alone")
    void wholeWayByTheUrlsInTheAnswers(Mounting mounting) {
        String api = host(mounting) + mounting.resource + "/things";

        String metadataUrl = Challenge.of(get(api).hasStatus(401)).parameters().get("resource_metadata");
        Answer resource = get(metadataUrl).hasStatus(200);
        assertThat(api).startsWith(resource.string("resource"));
        String issuer = resource.strings("authorization_servers").get(0);
        Answer server = get(issuer + "/.well-known/oauth-authorization-server").hasStatus(200);
        JsonNode agentAuth = server.json().path("agent_auth");
        assertThat(get(agentAuth.path("skill").textValue()).hasStatus(200).text())
                .startsWith("# auth.md")
                .contains(agentAuth.path("identity_endpoint").textValue());
        assertThat(get(server.string("jwks_uri"))
                        .hasStatus(200)
                        .json()
                        .path("keys")
                        .size())
                .isPositive();

        Answer registered = post(agentAuth.path("identity_endpoint").textValue(), json("type", "anonymous"))
                .hasStatus(200);
        String claimUrl = registered.string("claim_url");
        assertThat(claimUrl).isEqualTo(agentAuth.path("claim_endpoint").textValue());
        String claimToken = registered.string("claim_token");
        post(claimUrl, json("claim_token", claimToken, "email", ADA)).hasStatus(200);

        String link = service().mail.newest().link();
        String code = pressReveal(link, issuer);
        post(claimUrl + "/complete", json("claim_token", claimToken, "otp", code))
                .hasStatus(200);

        String token = new Client(server.string("token_endpoint"))
                .postForm(
                        "", form("grant_type", Client.JWT_BEARER, "assertion", registered.string("identity_assertion")))
                .hasStatus(200)
                .string("access_token");
        Answer used =
                new Client(api).get("", "Authorization", "Bearer " + token).hasStatus(200);
        assertThat(used.string("user_id")).isNotEmpty();

        new Client(server.string("revocation_endpoint"))
                .postForm("", form("token", token))
                .hasStatus(200);
        new Client(api).get("", "Authorization", "Bearer " + token).isCredentialError(401, "invalid_token");
    }

    /** What the person does: opens the link, and presses the button that shows a code as a browser would. */
    private static String pressReveal(String link, String issuer) {
        assertThat(link).startsWith(issuer + "/agent/identity/claim/view?token=");
        Answer page = get(link).hasStatus(200);
        String style = page.find("<link rel=\"?stylesheet\"? href=\"([^\"]+)\"");
        get(java.net.URI.create(link).resolve(style).toString()).hasStatus(200);
        String action = page.find("<form[^>]* action=\"([^\"]+/reveal)\"");
        String target = java.net.URI.create(link).resolve(action).toString();
        String token = link.substring(link.indexOf('=') + 1);
        return new Page(new Client(target)
                        .postForm("", form("token", token), "Origin", "null", "Sec-Fetch-Site", "same-origin")
                        .hasStatus(200))
                .code();
    }

    @ParameterizedTest
    @EnumSource
    void everyUrlOfTheDocumentsIsBelowTheBaseAndAnswers(Mounting mounting) {
        String issuer = host(mounting) + mounting.base;
        Answer server = get(issuer + "/.well-known/oauth-authorization-server").hasStatus(200);
        JsonNode agentAuth = server.json().path("agent_auth");

        for (String url : List.of(
                server.string("token_endpoint"),
                server.string("revocation_endpoint"),
                agentAuth.path("identity_endpoint").textValue(),
                agentAuth.path("claim_endpoint").textValue(),
                agentAuth.path("revocation_uri").textValue())) {
            assertThat(url).startsWith(issuer + "/");
            assertThat(get(url).hasStatus(405).header("Allow")).as(url).isEqualTo("POST");
        }
        assertThat(server.string("jwks_uri")).startsWith(issuer + "/");
        assertThat(agentAuth.path("skill").textValue()).isEqualTo(issuer + "/auth.md");
    }

    @ParameterizedTest
    @EnumSource
    void providersLogoutGetsThrough(Mounting mounting) {
        String issuer = host(mounting) + mounting.base;
        String identity = issuer + "/agent/identity";
        String idJag = provider().idJag(issuer).compact();
        String assertion = post(identity, json("type", "identity_assertion", "assertion", idJag))
                .hasStatus(200)
                .string("identity_assertion");

        new Client(issuer)
                .logout(provider().logout(issuer, "person-1").compact())
                .hasStatus(200);
        new Client(issuer).exchange(assertion).isCredentialError(400, "invalid_grant");
    }

    @Nested
    @DisplayName("Two instances in one JVM do not see each other")
    final class Neighbours {

        @Test
        void secretsOfOneAreUnknownToTheOther() {
            ProtocolService one = service();
            ProtocolService two = startService(options -> {});
            Registered agent = registerAnonymously();
            String token = token(agent.assertion());
            String link = invite(agent, ADA);
            String code = reveal(link);

            two.client.callApi(token).isCredentialError(401, "invalid_token");
            two.client.exchange(agent.assertion()).isCredentialError(400, "invalid_grant");
            two.client.startClaim(agent.claimToken(), ADA).isIdentityError(401, "invalid_claim_token");
            two.client.view(link).hasStatus(404);
            two.client.challenge(link).isIdentityError(410, "claim_superseded");
            two.client.reject(link).isIdentityError(410, "claim_superseded");
            two.client.complete(agent.claimToken(), code).isIdentityError(401, "invalid_claim_token");
            two.client.revoke(token).hasStatus(200);
            assertThat(two.auth.revokeRegistration(agent.id())).isFalse();
            assertThat(two.auth.revokeAllRegistrations()).isZero();

            one.client.callApi(token).hasStatus(200);
            one.client.complete(agent.claimToken(), code).hasStatus(200);
            assertThat(two.mail.links()).isEmpty();
        }

        @Test
        void keysUsersAndProvidersAreEachOnesOwn() {
            ProtocolService one = service();
            ProtocolService two = startService(options -> {});

            assertThat(one.client.get("/.well-known/jwks.json").json())
                    .isNotEqualTo(two.client.get("/.well-known/jwks.json").json());
            String ofOne = one.provider.idJag(one.issuer()).compact();
            two.client.registerIdJag(ofOne).isIdentityError(400, "invalid_issuer");
            two.client
                    .logout(one.provider.logout(one.issuer(), "person-1").compact())
                    .isCredentialError(400, "invalid_issuer");
            one.client.registerIdJag(ofOne).hasStatus(200);
            assertThat(two.users.findByVerifiedEmail(ADA)).isEmpty();
        }

        @Test
        void limitsAreCountedApart() {
            ProtocolService one = startService(options -> options.limited());
            ProtocolService two = startService(options -> options.limited());
            for (int i = 0; i < 5; i++) {
                one.client.registerAnonymously().hasStatus(200);
            }

            one.client.registerAnonymously().isIdentityError(429, "rate_limited");
            two.client.registerAnonymously().hasStatus(200);
        }

        @Test
        @DisplayName("even one provider's ID-JAG for one of them, and one logout, mean nothing to the other")
        void oneProviderTrustedByBoth() {
            ProtocolService one = service();
            ProtocolService two = startService(options -> {});
            two.trust.add(one.provider.trusted());
            Registered atOne = registerIdJag(idJag());
            Registered atTwo = Registered.of(two.client
                    .registerIdJag(one.provider.idJag(two.issuer()).compact())
                    .hasStatus(200));

            two.client.registerIdJag(idJag().compact()).isIdentityError(400, "invalid_audience");
            client().logout(logoutOf("person-1").compact()).hasStatus(200);
            client().exchange(atOne.assertion()).isCredentialError(400, "invalid_grant");
            two.client.exchange(atTwo.assertion()).hasStatus(200);
        }
    }
}
