package dev.agentauth.spi;

import java.security.interfaces.ECPublicKey;
import java.util.Objects;

/**
 * The public half of a key that signs identity assertions.
 *
 * @param keyId the RFC 7638 SHA-256 thumbprint of the key
 * @param publicKey on the curve P-256
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7638#section-3">RFC 7638, section 3</a>
 * @since 0.2.0
 */
public record VerificationKey(String keyId, ECPublicKey publicKey) {

    /** Checks that nothing is missing. */
    public VerificationKey {
        Objects.requireNonNull(keyId);
        Objects.requireNonNull(publicKey);
    }
}
