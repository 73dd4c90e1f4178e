package dev.agentauth.examples.versions;

import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What every version does alike before it reads a name of its own. */
final class Endpoints {
    static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private static final Pattern METADATA = Pattern.compile("resource_metadata=\"([^\"]+)\"");

    private Endpoints() {}

    /** Where the metadata of the server is that an API names, for issuers without a path. */
    static String ofServer(Wire wire, String api) {
        Matcher challenge = METADATA.matcher(wire.get(api, null).hasStatus(401).header("WWW-Authenticate"));
        if (!challenge.find()) {
            throw new AssertionError("no resource_metadata");
        }
        String issuer = wire.get(challenge.group(1), null)
                .hasStatus(200)
                .node("authorization_servers")
                .path(0)
                .textValue();
        return URI.create(issuer)
                .resolve("/.well-known/oauth-authorization-server")
                .toString();
    }
}
