package dev.agentauth.client;

import dev.agentauth.client.http.Json;
import dev.agentauth.client.http.JsonFormatException;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * What an assertion was exchanged for.
 *
 * @param value the secret
 * @param assertion what it was exchanged for
 * @param expiresAt until when it is good, by the agent's clock
 */
record AccessToken(String value, String assertion, Instant expiresAt) {
    /** RFC 6750, section 2.1: it has to fit into a header. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]{1,8192}=*");

    private static final long MAX_SECONDS = Duration.ofDays(365).toSeconds();

    /** From a token response to a request that was sent at an instant. */
    static AccessToken of(Json answer, String assertion, Instant sentAt) {
        String value = answer.get("access_token").text();
        if (!TOKEN.matcher(value).matches()) {
            throw new JsonFormatException("access_token is not a token");
        }
        if (!answer.get("token_type").text().equalsIgnoreCase("Bearer")) {
            throw new JsonFormatException("token_type is not Bearer");
        }
        long seconds = Math.min(Math.max(answer.get("expires_in").number(), 0), MAX_SECONDS);
        return new AccessToken(value, assertion, sentAt.plusSeconds(seconds));
    }

    /** Nothing of the secrets. */
    @Override
    public String toString() {
        return "AccessToken[until " + expiresAt + "]";
    }
}
