package dev.agentauth.spi;

import java.security.PrivateKey;
import java.util.Objects;

/**
 * A key that signs identity assertions with ES256.
 *
 * @param verificationKey the public half
 * @param privateKey for P-256; may be a handle into a hardware module, as long as an installed JCA provider signs with it
 */
public record SigningKey(VerificationKey verificationKey, PrivateKey privateKey) {

    /** Checks that nothing is missing. */
    public SigningKey {
        Objects.requireNonNull(verificationKey);
        Objects.requireNonNull(privateKey);
    }

    /** Shows the key id alone. */
    @Override
    public String toString() {
        return "SigningKey[" + verificationKey.keyId() + "]";
    }
}
