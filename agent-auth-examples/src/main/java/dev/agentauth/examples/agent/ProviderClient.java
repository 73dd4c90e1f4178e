package dev.agentauth.examples.agent;

import dev.agentauth.client.http.Http;
import dev.agentauth.client.http.Reply;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an agent's platform asks of the sample provider. */
public final class ProviderClient {
    private final Http http;
    private final String provider;

    /** Speaks to a provider. */
    public ProviderClient(Http http, String provider) {
        this.http = http;
        this.provider = provider;
    }

    /** Signs a person in. */
    public Reply signIn(String address) {
        return http.postJson(provider + "/signin", Map.of("user", address));
    }

    /** Asks the provider to vouch for the person of a session, for all scopes or for fewer. */
    public Reply idJag(String session, String audience, @Nullable String scope) {
        Map<String, String> request = scope == null
                ? Map.of("session", session, "audience", audience)
                : Map.of("session", session, "audience", audience, "scope", scope);
        return http.postJson(provider + "/id-jag", request);
    }

    /** Signs the person out, of which the provider tells every service that it has vouched to. */
    public Reply signOut(String session) {
        return http.postJson(provider + "/signout", Map.of("session", session));
    }
}
