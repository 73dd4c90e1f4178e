package dev.agentauth.internal.provider;

import dev.agentauth.AgentAuthException;
import dev.agentauth.Problem;
import dev.agentauth.internal.json.JsonFormatException;
import dev.agentauth.internal.json.JsonObject;
import dev.agentauth.spi.TrustedProvider;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A JWT that keeps the rules for all kinds: a trusted issuer signed it, for us, and it is in time.
 *
 * @param provider who signed it
 * @param claims what it says
 * @param jti its id
 */
record ProviderJwt(TrustedProvider provider, JsonObject claims, String jti) {
    /** How far a provider's clock may be off. */
    static final Duration SKEW = Duration.ofSeconds(60);

    /**
     * For how long after the end of a JWT what is remembered about it is still needed: the provider's clock may be off by the
     * skew, so may that of the replica which accepts last, and that of the one which forgets, by a minute.
     */
    static final Duration REMEMBERED_BEYOND = SKEW.multipliedBy(2).plusSeconds(60);

    private static final int MAX_ID_LENGTH = 1024;

    static AgentAuthException invalid(String text) {
        return new AgentAuthException(Problem.MALFORMED, text);
    }

    /** A name that we keep and compare: present, not empty, of bounded length. */
    static String id(JsonObject claims, String name) throws JsonFormatException {
        String id = claims.requiredString(name);
        if (id.length() > MAX_ID_LENGTH) {
            throw invalid("The claim " + name + " is longer than 1024 characters.");
        }
        return id;
    }

    /** A claim that is a string or an array of strings; empty if it is absent or anything else. */
    static Optional<List<String>> stringOrStrings(JsonObject claims, String name) {
        try {
            return claims.stringOrStrings(name);
        } catch (JsonFormatException e) {
            return Optional.empty();
        }
    }

    Instant requiredTime(String name) throws JsonFormatException {
        return claims.time(name).orElseThrow(() -> invalid("The JWT has no claim " + name + "."));
    }

    Optional<String> optionalId(String name) throws JsonFormatException {
        return claims.has(name) ? Optional.of(id(claims, name)) : Optional.empty();
    }
}
