package dev.agentauth.internal.wire;

import dev.agentauth.Discovery;
import dev.agentauth.internal.Feature;
import dev.agentauth.internal.Settings;
import dev.agentauth.internal.jose.OwnJwts;
import dev.agentauth.spi.ResourceServers;
import dev.agentauth.spi.SigningKeys;
import dev.agentauth.spi.VerificationKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes the discovery documents from the configuration. */
public final class DiscoveryDocuments {
    private static final List<String> ACCESS_TOKEN = List.of("access_token");

    private final Settings settings;
    private final SigningKeys keys;
    private final Set<ResourceServers.Method> introspectionMethods;
    private final Discovery discovery;

    public DiscoveryDocuments(Settings settings, SigningKeys keys, Set<ResourceServers.Method> introspectionMethods) {
        this.settings = settings;
        this.introspectionMethods = introspectionMethods;
        this.keys = keys;
        this.discovery = new Discovery(
                Collections.unmodifiableMap(protectedResource()),
                Collections.unmodifiableMap(authorizationServer()),
                new AuthMd(settings).render(),
                settings.base(),
                settings.issuer(),
                settings.resource(),
                settings.serviceName(),
                WellKnown.url(Paths.PROTECTED_RESOURCE, settings.resource()));
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
        document.put("token_endpoint", url(Paths.TOKEN));
        document.put("revocation_endpoint", url(Paths.REVOKE));
        document.put("jwks_uri", url(Paths.JWKS));
        document.put(
                "grant_types_supported",
                on(Feature.TYPED_CODE) ? List.of(Urns.JWT_BEARER, Urns.CLAIM_GRANT) : List.of(Urns.JWT_BEARER));
        document.put("response_types_supported", List.of());
        document.put("token_endpoint_auth_methods_supported", List.of("none"));
        document.put("revocation_endpoint_auth_methods_supported", List.of("none"));
        if (on(Feature.INTROSPECTION)) {
            document.put("introspection_endpoint", url(Paths.INTROSPECT));
            if (!introspectionMethods.isEmpty()) {
                document.put("introspection_endpoint_auth_methods_supported", introspectionMethods());
            }
        }
        document.put("scopes_supported", settings.postClaimScopes());
        document.put("service_documentation", url(Paths.AUTH_MD));
        document.put("resource", settings.resource());
        document.put("authorization_servers", List.of(settings.issuer()));
        document.put("bearer_methods_supported", List.of("header"));
        document.put("agent_auth", Collections.unmodifiableMap(agentAuth()));
        return document;
    }

    private List<String> introspectionMethods() {
        return introspectionMethods.stream()
                .sorted()
                .map(method -> switch (method) {
                    case SECRET_BASIC -> "client_secret_basic";
                    case SECRET_POST -> "client_secret_post";
                    case TLS -> "tls_client_auth";
                    case SELF_SIGNED_TLS -> "self_signed_tls_client_auth";
                })
                .toList();
    }

    private Map<String, Object> agentAuth() {
        boolean assertions = on(Feature.ID_JAG) || on(Feature.EMAIL);
        boolean legacy = on(Feature.LEGACY_NAMES);
        String identityEndpoint = url(Paths.IDENTITY);
        List<String> types = new ArrayList<>();
        if (on(Feature.ANONYMOUS)) {
            types.add(Requests.ANONYMOUS);
        }
        if (assertions) {
            types.add(Requests.IDENTITY_ASSERTION);
        }
        if (on(Feature.EMAIL)) {
            types.add(Requests.SERVICE_AUTH);
        }
        Map<String, Object> block = new LinkedHashMap<>();
        block.put("skill", url(Paths.AUTH_MD));
        block.put("identity_endpoint", identityEndpoint);
        block.put("claim_endpoint", url(Paths.CLAIM));
        block.put("revocation_uri", url(Paths.LOGOUT));
        block.put("identity_types_supported", List.copyOf(types));
        if (assertions) {
            block.put("identity_assertion", Collections.unmodifiableMap(identityAssertion(legacy)));
        }
        if (on(Feature.ID_JAG)) {
            block.put("events_endpoint", url(Paths.EVENTS));
        }
        block.put("events_supported", List.of(Urns.ASSERTION_REVOKED, Urns.ASSERTION_REVOKED_SHORT));
        if (legacy) {
            block.put("register_uri", identityEndpoint);
            block.put("claim_uri", url(Paths.CLAIM));
            if (on(Feature.ANONYMOUS)) {
                block.put(
                        "anonymous", Map.of("credential_types_supported", ACCESS_TOKEN, "claim_uri", url(Paths.CLAIM)));
            }
        }
        return block;
    }

    private boolean on(Feature feature) {
        return settings.features().has(feature);
    }

    private String url(String path) {
        return settings.base() + path;
    }

    private Map<String, Object> identityAssertion(boolean legacy) {
        List<String> types = new ArrayList<>();
        if (on(Feature.ID_JAG)) {
            types.add(Urns.ID_JAG);
        }
        if (on(Feature.EMAIL)) {
            types.add(Requests.VERIFIED_EMAIL);
        }
        Map<String, Object> block = new LinkedHashMap<>();
        block.put("assertion_types_supported", List.copyOf(types));
        if (legacy) {
            block.put("credential_types_supported", ACCESS_TOKEN);
        }
        return block;
    }
}
