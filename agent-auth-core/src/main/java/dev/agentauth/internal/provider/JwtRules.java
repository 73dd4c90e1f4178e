package dev.agentauth.internal.provider;

import dev.agentauth.internal.json.JsonFormatException;
import dev.agentauth.internal.json.JsonObject;
import java.time.Instant;
import java.util.List;

/**
 * What sets one kind of a provider's JWT apart from the others. Adding a kind is one class that implements this.
 *
 * @param <T> what a JWT of the kind becomes when everything about it is right
 */
interface JwtRules<T> {
    /** The header's {@code typ}, without {@code application/}. No two kinds share one. */
    String typ();

    /** Claims that are strings wherever they are there: of another type they make the JWT malformed, whatever else it is. */
    default List<String> strings(JsonObject claims) throws JsonFormatException {
        return List.of("jti", "sub");
    }

    /**
     * Checks what the kind demands beyond the rules for all kinds, in the protocol's order.
     *
     * @throws dev.agentauth.AgentAuthException for the first rule that is broken
     * @throws JsonFormatException for a claim that is missing or of another type
     */
    T check(ProviderJwt jwt, Instant now) throws JsonFormatException;
}
