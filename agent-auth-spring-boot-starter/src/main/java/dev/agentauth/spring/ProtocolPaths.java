package dev.agentauth.spring;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What of the service's paths is the protocol's. Beside them its own stay free, such as {@code /oauth2/authorization/…}. */
final class ProtocolPaths {
    /** Where assertions are exchanged. */
    static final String TOKEN = "/oauth2/token";

    /** Where people see their agents. */
    static final String YOUR_AGENTS = "/agent/yours";

    private static final List<String> EXACT =
            List.of(TOKEN, "/oauth2/revoke", "/oauth2/introspect", "/.well-known/jwks.json", "/auth.md");
    private static final List<String> BELOW =
            List.of("/agent", "/.well-known/oauth-authorization-server", "/.well-known/oauth-protected-resource");

    private ProtocolPaths() {}

    /** As a servlet is mapped. */
    static String[] mappings() {
        return Stream.concat(EXACT.stream(), BELOW.stream().map(path -> path + "/*"))
                .toArray(String[]::new);
    }

    /** A mapping as Spring matches paths; empty for one without a path of its own. */
    static Optional<String> pattern(String mapping) {
        if (mapping.length() < 2 || !mapping.startsWith("/") || mapping.equals("/*")) {
            return Optional.empty();
        }
        return Optional.of(mapping.endsWith("/*") ? mapping + "*" : mapping);
    }
}
