package dev.agentauth.internal.discovery;

import dev.agentauth.Discovery;
import dev.agentauth.internal.Settings;
import dev.agentauth.internal.Urls;
import dev.agentauth.internal.jose.OwnJwts;
import dev.agentauth.internal.provider.ProviderEvents;
import dev.agentauth.spi.SigningKeys;
import dev.agentauth.spi.VerificationKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the discovery documents from the configuration. */
public final class DiscoveryDocuments {
    /** RFC 7523, section 2.1. */
    static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    static final String ID_JAG = "urn:ietf:params:oauth:token-type:id-jag";
    static final String VERIFIED_EMAIL = "verified_email";

    private static final List<String> ACCESS_TOKEN = List.of("access_token");

    private final Settings settings;
    private final SigningKeys keys;
    private final Discovery discovery;

    public DiscoveryDocuments(Settings settings, SigningKeys keys) {
        this.settings = settings;
        this.keys = keys;
        this.discovery = new Discovery(
                Collections.unmodifiableMap(protectedResource()),
                Collections.unmodifiableMap(authorizationServer()),
                new AuthMd(settings).render(),
                settings.base(),
                settings.issuer(),
                settings.resource(),
                Urls.inserted("/.well-known/oauth-protected-resource", settings.resource()));
    }

    /** See {@code AgentAuth.discovery}. */
    public Discovery discovery() {
        return discovery;
    }

    /** See {@code AgentAuth.jwks}. */
    public Map<String, Object> jwks() {
        List<Map<String, Object>> published = new ArrayList<>();
        for (VerificationKey key : keys.published()) {
            published.add(OwnJwts.publicJwk(key));
        }
        return Map.of("keys", published);
    }

    private Map<String, Object> protectedResource() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("resource", settings.resource());
        document.put("resource_name", settings.serviceName());
        if (settings.resourceLogo() != null) {
            document.put("resource_logo_uri", settings.resourceLogo().toString());
        }
        document.put("authorization_servers", List.of(settings.issuer()));
        document.put("scopes_supported", settings.postClaimScopes());
        document.put("bearer_methods_supported", List.of("header"));
        return document;
    }

    private Map<String, Object> authorizationServer() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("issuer", settings.issuer());
        document.put("token_endpoint", settings.base() + "/oauth2/token");
        document.put("revocation_endpoint", settings.base() + "/oauth2/revoke");
        document.put("jwks_uri", settings.base() + "/.well-known/jwks.json");
        document.put("grant_types_supported", List.of(JWT_BEARER));
        document.put("response_types_supported", List.of());
        document.put("token_endpoint_auth_methods_supported", List.of("none"));
        document.put("revocation_endpoint_auth_methods_supported", List.of("none"));
        document.put("scopes_supported", settings.postClaimScopes());
        document.put("resource", settings.resource());
        document.put("authorization_servers", List.of(settings.issuer()));
        document.put("bearer_methods_supported", List.of("header"));
        document.put("agent_auth", Collections.unmodifiableMap(agentAuth()));
        return document;
    }

    private Map<String, Object> agentAuth() {
        boolean assertions = settings.idJag() || settings.verifiedEmail();
        boolean legacy = settings.legacyDiscoveryNames();
        String identityEndpoint = settings.base() + "/agent/identity";
        List<String> types = new ArrayList<>();
        if (settings.anonymous()) {
            types.add("anonymous");
        }
        if (assertions) {
            types.add("identity_assertion");
        }
        Map<String, Object> block = new LinkedHashMap<>();
        block.put("skill", settings.base() + "/auth.md");
        block.put("identity_endpoint", identityEndpoint);
        block.put("claim_endpoint", settings.claimUrl());
        block.put("revocation_uri", settings.base() + "/agent/auth/revoke");
        block.put("identity_types_supported", List.copyOf(types));
        if (assertions) {
            block.put("identity_assertion", Collections.unmodifiableMap(identityAssertion(legacy)));
        }
        block.put("events_supported", List.of(ProviderEvents.ASSERTION_REVOKED));
        if (legacy) {
            block.put("register_uri", identityEndpoint);
            block.put("claim_uri", settings.claimUrl());
            if (settings.anonymous()) {
                block.put(
                        "anonymous",
                        Map.of("credential_types_supported", ACCESS_TOKEN, "claim_uri", settings.claimUrl()));
            }
        }
        return block;
    }

    private Map<String, Object> identityAssertion(boolean legacy) {
        List<String> types = new ArrayList<>();
        if (settings.idJag()) {
            types.add(ID_JAG);
        }
        if (settings.verifiedEmail()) {
            types.add(VERIFIED_EMAIL);
        }
        Map<String, Object> block = new LinkedHashMap<>();
        block.put("assertion_types_supported", List.copyOf(types));
        if (legacy) {
            block.put("credential_types_supported", ACCESS_TOKEN);
        }
        return block;
    }
}
