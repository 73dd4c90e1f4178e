package dev.agentauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentauth.config.AnonymousClaim;
import dev.agentauth.config.ExistingUserPolicy;
import dev.agentauth.internal.json.Json;
import dev.agentauth.internal.wire.ErrorCode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** PROTOCOL A1: what the service publishes about itself. */
class DiscoveryTest {
    private static final String BASE = "https://auth.example.com";

    // Documents

    @Test
    void protectedResourceNamesItselfItsServerAndItsScopes() {
        Discovery discovery = discovery(builder -> builder);

        assertThat(discovery.protectedResource())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "resource", "https://api.example.com/",
                        "resource_name", "Example",
                        "authorization_servers", List.of(BASE),
                        "scopes_supported", List.of("api.read", "api.write", "api.pay"),
                        "bearer_methods_supported", List.of("header")));
        assertThat(discovery(builder -> builder.resourceLogo(URI.create("https://api.example.com/logo.svg")))
                        .protectedResource())
                .containsEntry("resource_logo_uri", "https://api.example.com/logo.svg");
    }

    @Test
    void authorizationServerNamesEveryEndpoint() {
        Map<String, Object> document = discovery(builder -> builder).authorizationServer();

        assertThat(document)
                .containsEntry("issuer", BASE)
                .containsEntry("token_endpoint", BASE + "/oauth2/token")
                .containsEntry("revocation_endpoint", BASE + "/oauth2/revoke")
                .containsEntry("jwks_uri", BASE + "/.well-known/jwks.json")
                .containsEntry(
                        "grant_types_supported",
                        List.of(
                                "urn:ietf:params:oauth:grant-type:jwt-bearer",
                                "urn:workos:agent-auth:grant-type:claim"))
                .containsEntry("response_types_supported", List.of())
                .containsEntry("token_endpoint_auth_methods_supported", List.of("none"))
                .containsEntry("revocation_endpoint_auth_methods_supported", List.of("none"))
                .containsEntry("scopes_supported", List.of("api.read", "api.write", "api.pay"))
                .containsEntry("resource", "https://api.example.com/")
                .containsEntry("authorization_servers", List.of(BASE))
                .containsEntry("bearer_methods_supported", List.of("header"));
        assertThat(agentAuth(document))
                .containsEntry("skill", BASE + "/auth.md")
                .containsEntry("identity_endpoint", BASE + "/agent/identity")
                .containsEntry("claim_endpoint", BASE + "/agent/identity/claim")
                .containsEntry("revocation_uri", BASE + "/agent/auth/revoke")
                .containsEntry("identity_types_supported", List.of("anonymous", "identity_assertion", "service_auth"))
                .containsEntry(
                        "events_supported",
                        List.of(
                                "https://schemas.workos.com/events/agent/auth/identity/assertion/revoked",
                                "https://schemas.workos.com/events/agent/identity/assertion/revoked"))
                .containsEntry("events_endpoint", BASE + "/agent/event/notify");
    }

    @Test
    void issuerIsTheServerOfTheResourceCharacterByCharacter() {
        Discovery discovery = discovery(builder -> builder);

        assertThat(discovery.authorizationServer().get("issuer"))
                .isEqualTo(((List<?>) discovery.protectedResource().get("authorization_servers")).get(0));
    }

    @Test
    void onlyWhatIsEnabledIsNamed() {
        Map<String, Object> all = agentAuth(discovery(builder -> builder).authorizationServer());
        assertThat(all.get("identity_assertion"))
                .isEqualTo(Map.of(
                        "assertion_types_supported",
                        List.of("urn:ietf:params:oauth:token-type:id-jag", "verified_email"),
                        "credential_types_supported",
                        List.of("access_token")));

        Map<String, Object> noEmail =
                agentAuth(discovery(builder -> builder.verifiedEmail(false)).authorizationServer());
        assertThat(noEmail.get("identity_assertion")).asString().doesNotContain("verified_email");

        Map<String, Object> noAnonymous =
                agentAuth(discovery(builder -> builder.anonymous(false)).authorizationServer());
        assertThat(noAnonymous)
                .containsEntry("identity_types_supported", List.of("identity_assertion", "service_auth"))
                .doesNotContainKey("anonymous");

        Map<String, Object> anonymousAlone = agentAuth(
                withoutProviders(builder -> builder.verifiedEmail(false)).authorizationServer());
        assertThat(anonymousAlone)
                .containsEntry("identity_types_supported", List.of("anonymous"))
                .doesNotContainKey("identity_assertion");
    }

    @Test
    void namesOfTheFirstProtocolAreThereUntilTheyAreSwitchedOff() {
        Map<String, Object> on = agentAuth(discovery(builder -> builder).authorizationServer());
        Map<String, Object> off = agentAuth(
                discovery(builder -> builder.legacyDiscoveryNames(false)).authorizationServer());

        assertThat(on)
                .containsEntry("register_uri", BASE + "/agent/identity")
                .containsEntry("claim_uri", BASE + "/agent/identity/claim")
                .containsEntry(
                        "anonymous",
                        Map.of(
                                "credential_types_supported",
                                List.of("access_token"),
                                "claim_uri",
                                BASE + "/agent/identity/claim"));
        assertThat(off).doesNotContainKeys("register_uri", "claim_uri", "anonymous");
        assertThat(off.toString()).doesNotContain("credential_types_supported");
    }

    @Test
    void trustedProvidersAreNeverListed() {
        Discovery discovery = discovery(builder -> builder);

        assertThat(discovery.toString()).doesNotContain("agents.example.net").doesNotContain("other.example.net");
    }

    @Test
    void baseOfTheEndpointsMayDifferFromTheIssuer() {
        Discovery discovery = discovery(builder -> builder.baseUrl("https://www.example.com/agents"));

        assertThat(discovery.base()).isEqualTo("https://www.example.com/agents");
        assertThat(discovery.issuer()).isEqualTo(BASE);
        assertThat(discovery.authorizationServer())
                .containsEntry("issuer", BASE)
                .containsEntry("token_endpoint", "https://www.example.com/agents/oauth2/token");
        assertThat(discovery.authMd()).contains("https://www.example.com/agents/oauth2/token");
    }

    @Test
    void metadataIsAtTheInsertedPath() {
        assertThat(discovery(builder -> builder).resourceMetadataUrl())
                .isEqualTo("https://api.example.com/.well-known/oauth-protected-resource");
        try (AgentAuth auth = AgentAuth.builder(BASE, "https://api.example.com/v1/things/")
                .postClaimScopes("a")
                .users(new dev.agentauth.memory.InMemoryUserDirectory())
                .mailer(mail -> {})
                .signingKeys(new TestSigningKeys())
                .withoutRateLimits()
                .purgeByEmbedder()
                .build()) {
            assertThat(auth.discovery().resourceMetadataUrl())
                    .isEqualTo("https://api.example.com/.well-known/oauth-protected-resource/v1/things/");
        }
    }

    @Test
    void documentsCannotBeChangedByACaller() {
        Discovery discovery = discovery(builder -> builder);

        assertUnmodifiable(discovery.protectedResource());
        assertUnmodifiable(discovery.authorizationServer());
        assertUnmodifiable(agentAuth(discovery.authorizationServer()));
    }

    @Test
    void documentsArePlainJson() {
        Discovery discovery = discovery(builder -> builder);

        assertThat(new String(Json.write(discovery.authorizationServer()), StandardCharsets.UTF_8))
                .startsWith("{\"issuer\":\"https://auth.example.com\",");
    }

    // Keys

    @Test
    void keySetHoldsThePublicHalvesOfEveryPublishedKeyAndNothingElse() {
        try (TestService service = TestService.start()) {
            service.signingKeys.rotate();

            Map<String, Object> jwks = service.auth.jwks();

            assertThat(jwks).containsOnlyKeys("keys");
            assertThat((Collection<?>) jwks.get("keys"))
                    .hasSize(2)
                    .allSatisfy(key -> assertThat((Map<?, ?>) key).satisfies(jwk -> {
                        assertThat(jwk.keySet()).isEqualTo(Set.of("kty", "crv", "x", "y", "alg", "use", "kid"));
                        assertThat(jwk.get("kty")).isEqualTo("EC");
                        assertThat(jwk.get("crv")).isEqualTo("P-256");
                        assertThat(jwk.get("alg")).isEqualTo("ES256");
                        assertThat(jwk.get("use")).isEqualTo("sig");
                    }));
            service.signingKeys.withdrawOldKeys();
            assertThat((Collection<?>) service.auth.jwks().get("keys")).hasSize(1);
        }
    }

    // auth.md

    @Test
    void authMdBeginsWithItsNameAndGoesThroughEveryStep() {
        String text = discovery(builder -> builder).authMd();

        assertThat(text).startsWith("# auth.md\n");
        assertThat(text.lines().filter(line -> line.startsWith("## ")).toList())
                .containsExactly(
                        "## Step 1 — Discover",
                        "## Step 2 — Pick a method",
                        "## Step 3 — Register",
                        "## Step 4 — Claim ceremony",
                        "## Step 5 — Exchange the assertion",
                        "## Step 6 — Use the access_token",
                        "## Errors",
                        "## Revocation");
        assertThat(text)
                .contains("`agent_auth`", "`identity_endpoint`", "`WWW-Authenticate`")
                .containsSubsequence("Discover", "Ask the person", "Register", "Claim", "Exchange", "Use", "retry");
    }

    @Test
    void authMdHasRealUrlsScopesAndFigures() {
        String text = discovery(builder -> builder.lifetimes(
                        dev.agentauth.config.Lifetimes.standard().withAccessToken(java.time.Duration.ofSeconds(1234))))
                .authMd();

        assertThat(text)
                .contains(
                        BASE + "/agent/identity",
                        BASE + "/agent/identity/claim/complete",
                        BASE + "/oauth2/token",
                        BASE + "/oauth2/revoke",
                        BASE + "/agent/auth/revoke",
                        BASE + "/agent/event/notify",
                        BASE + "/.well-known/oauth-authorization-server",
                        "https://api.example.com/.well-known/oauth-protected-resource",
                        "`aud` = `" + BASE + "`",
                        "\"api.read\",\"api.write\",\"api.pay\"",
                        "\"expires_in\":1234",
                        "interaction_required");
        assertThat(text).doesNotContain("%s").doesNotContain("%d").doesNotContain("null");
    }

    @Test
    void authMdNamesEveryErrorThatAgentsMeetWithItsStatus() {
        String text = discovery(builder -> builder.anonymous(true)).authMd();

        for (ErrorCode code : ErrorCode.values()) {
            boolean isOfOthers = code == ErrorCode.AUTHENTICATION_FAILED
                    || code == ErrorCode.INVALID_KEY
                    || code == ErrorCode.INVALID_CLIENT;
            if (!isOfOthers && !code.name().endsWith("_NOT_ENABLED")) {
                assertThat(text).contains("| `" + code.code() + "` | " + code.status() + " | ");
            }
        }
    }

    @Test
    void authMdSpeaksOnlyOfWhatIsEnabled() {
        String noAnonymous = discovery(builder -> builder.anonymous(false)).authMd();
        assertThat(noAnonymous).doesNotContain("\"type\":\"anonymous\"").doesNotContain("pre_claim_scopes");
        String noEmail = discovery(builder -> builder.verifiedEmail(false)).authMd();
        assertThat(noEmail).doesNotContain("\"assertion_type\":\"verified_email\"");
        String noIdJag = withoutProviders(builder -> builder)
                .authMd()
                .replaceAll("(?m)^\\| `(id_jag_not_enabled|issuer_not_enabled)`.*$", "");
        assertThat(noIdJag)
                .doesNotContain("id-jag")
                .doesNotContain("ID-JAG")
                .doesNotContain("/agent/auth/revoke")
                .doesNotContain("/agent/event/notify")
                .doesNotContain("interaction_required");
        String refusing = discovery(builder -> builder.existingUsers(ExistingUserPolicy.REFUSE))
                .authMd();
        assertThat(refusing).doesNotContain("answer is 401 `interaction_required`");
    }

    @Test
    void authMdWithoutPreClaimScopesDoesNotPromiseAnExchangeBeforeTheClaim() {
        assertThat(discovery(builder -> builder.preClaimScopes()).authMd())
                .contains("| before a person has claimed it (anonymous only) | none |")
                .contains("nothing to exchange it for until a person has claimed")
                .doesNotContain("exchanged at once");
        assertThat(discovery(builder -> builder).authMd()).contains("exchanged at once");
    }

    @Test
    void authMdEscapesTheResourceInTheFormAndScopesInTheTable() {
        String text = AgentAuth.builder(BASE, "https://api.example.com/a+b&c")
                .preClaimScopes("a|b")
                .postClaimScopes("a|b")
                .users(new dev.agentauth.memory.InMemoryUserDirectory())
                .mailer(mail -> {})
                .withoutRateLimits()
                .purgeByEmbedder()
                .build()
                .discovery()
                .authMd();

        assertThat(text)
                .contains("&resource=https%3A%2F%2Fapi.example.com%2Fa%2Bb%26c'\n")
                .contains("| claimed by a person | `a\\|b` |\n");
    }

    @Test
    void authMdWithoutAnyClaimSpeaksOfNone() {
        String text = discovery(
                        builder -> builder.anonymous(false).verifiedEmail(false).existingUsers(ExistingUserPolicy.LINK))
                .authMd();

        assertThat(text)
                .doesNotContain("/agent/identity/claim")
                .doesNotContain("otp")
                .doesNotContain("claim_token")
                .doesNotContain("interaction_required");
    }

    @Test
    void authMdTellsWhatClaimingDoesToTokensInHand() {
        assertThat(discovery(builder -> builder).authMd()).contains("simply may do more");
        assertThat(discovery(builder -> builder.anonymousClaim(AnonymousClaim.ROTATE))
                        .authMd())
                .contains("a new `identity_assertion`")
                .doesNotContain("simply may do more");
    }

    @Test
    void everyJsonExampleOfAuthMdIsJson() throws Exception {
        String text = discovery(builder -> builder).authMd();
        String[] fences = text.split("```json\n", -1);

        assertThat(fences).hasSizeGreaterThan(4);
        for (int i = 1; i < fences.length; i++) {
            String example = fences[i].substring(0, fences[i].indexOf("```"));
            assertThat(Json.parseObject(example.getBytes(StandardCharsets.UTF_8))
                            .names())
                    .isNotEmpty();
        }
        for (String line : text.lines().filter(line -> line.startsWith("{\"")).toList()) {
            if (line.endsWith("}")) {
                assertThat(Json.parseObject(line.getBytes(StandardCharsets.UTF_8))
                                .names())
                        .isNotEmpty();
            }
        }
    }

    @Test
    void scopesOfAnyLegalSpellingStayJson() throws Exception {
        String odd = "!#$%&'()*+,-./:;<=>?@[]^_`{|}~";
        String text = discovery(builder -> builder.preClaimScopes(odd).postClaimScopes(odd))
                .authMd();

        assertThat(text).contains("\"pre_claim_scopes\":[\"" + odd + "\"]");
        assertThat(text.lines().filter(line -> line.contains("access_token\":")).toList())
                .singleElement()
                .satisfies(line -> assertThat(Json.parseObject(line.getBytes(StandardCharsets.UTF_8))
                                .string("scope"))
                        .contains(odd));
    }

    @Test
    void namesAndScopesDoNotBreakTheMarkdown() {
        String text = discovery(builder -> builder.serviceName("A *b* _c_ `d` | <e>")
                        .preClaimScopes("a`b", "c|d")
                        .postClaimScopes("a`b", "c|d", "e_f*g"))
                .authMd();

        assertThat(text)
                .contains("to **A \\*b\\* \\_c\\_ \\`d\\` \\| \\<e\\>** (")
                .contains("| claimed by a person | ``a`b``, `c\\|d`, `e_f*g` |\n");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> agentAuth(Map<String, Object> document) {
        return (Map<String, Object>) document.get("agent_auth");
    }

    private static void assertUnmodifiable(Map<String, Object> map) {
        assertThatThrownBy(() -> map.put("planted", "x")).isInstanceOf(UnsupportedOperationException.class);
    }

    private static Discovery discovery(UnaryOperator<AgentAuthBuilder> more) {
        try (TestService service = TestService.start(more)) {
            return service.auth.discovery();
        }
    }

    private static Discovery withoutProviders(UnaryOperator<AgentAuthBuilder> more) {
        try (AgentAuth auth = more.apply(AgentAuth.builder(BASE, "https://api.example.com/")
                        .preClaimScopes("api.read")
                        .postClaimScopes("api.read")
                        .users(new dev.agentauth.memory.InMemoryUserDirectory())
                        .mailer(mail -> {})
                        .signingKeys(new TestSigningKeys())
                        .withoutRateLimits()
                        .purgeByEmbedder())
                .build()) {
            return auth.discovery();
        }
    }
}
