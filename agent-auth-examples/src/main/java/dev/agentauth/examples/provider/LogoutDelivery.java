package dev.agentauth.examples.provider;

import dev.agentauth.examples.http.Http;
import dev.agentauth.examples.http.Json;
import dev.agentauth.examples.http.JsonFormatException;
import dev.agentauth.examples.http.Reply;
import dev.agentauth.examples.http.WellKnown;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Finds out where a service wants its logout tokens, and sends them there. */
final class LogoutDelivery {
    private static final int NO_ANSWER = 504;

    private final Http http;

    LogoutDelivery(Http http) {
        this.http = http;
    }

    /** Sends a logout token to a service; the status that came back, or 504 if there was none to ask or to tell. */
    int deliver(String audience, String logoutToken) {
        try {
            Optional<String> endpoint = revocationEndpoint(audience);
            return endpoint.isEmpty()
                    ? NO_ANSWER
                    : http.post(endpoint.get(), "application/logout+jwt", logoutToken)
                            .status();
        } catch (UncheckedIOException | JsonFormatException | IllegalArgumentException e) {
            return NO_ANSWER;
        }
    }

    private Optional<String> revocationEndpoint(String audience) {
        Reply reply = http.get(WellKnown.inserted(WellKnown.AUTHORIZATION_SERVER, audience));
        if (reply.status() != 200) {
            return Optional.empty();
        }
        Json metadata = reply.json();
        // RFC 8414, section 3.3: metadata that names another issuer is somebody else's.
        return metadata.get("issuer").string().equals(Optional.of(audience))
                ? metadata.get("agent_auth").get("revocation_uri").string()
                : Optional.empty();
    }
}
