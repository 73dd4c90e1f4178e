package dev.agentauth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Objects;

/**
 * A secret on its way to the one who may have it: a claim token, an attempt token, a code, an assertion or an access
 * token. It does not show itself in logs or in a debugger's {@code toString}.
 *
 * @since 0.2.0
 */
public final class Secret {
    private final String value;

    private Secret(String value) {
        this.value = Objects.requireNonNull(value);
    }

    /**
     * Wraps a secret.
     *
     * @param value the plain text
     * @return the wrapped text
     */
    public static Secret of(String value) {
        return new Secret(value);
    }

    /**
     * The plain text, to be written to its receiver and nowhere else.
     *
     * @return the plain text
     */
    public String reveal() {
        return value;
    }

    /** Compares in a time that does not depend on where the two differ. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Secret that
                && MessageDigest.isEqual(
                        value.getBytes(StandardCharsets.UTF_8), that.value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "Secret[redacted]";
    }
}
