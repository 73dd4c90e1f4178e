package dev.agentauth.spi;

import java.security.PrivateKey;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A key that signs identity assertions with ES256. It is no bean and no record: a JSON mapper finds nothing in it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7518#section-3.4">RFC 7518, section 3.4</a>
 * @since 0.2.0
 */
public final class SigningKey {
    private final VerificationKey verificationKey;
    private final PrivateKey privateKey;

    /**
     * Puts the halves together.
     *
     * @param verificationKey the public half
     * @param privateKey for P-256; may be a handle into a hardware module, as long as an installed JCA provider signs with
     *     it
     */
    public SigningKey(VerificationKey verificationKey, PrivateKey privateKey) {
        this.verificationKey = Objects.requireNonNull(verificationKey);
        this.privateKey = Objects.requireNonNull(privateKey);
    }

    /**
     * The public half.
     *
     * @return what is published
     */
    public VerificationKey verificationKey() {
        return verificationKey;
    }

    /**
     * The half that signs.
     *
     * @return the key, or a handle of it
     */
    public PrivateKey privateKey() {
        return privateKey;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SigningKey that
                && verificationKey.equals(that.verificationKey)
                && privateKey.equals(that.privateKey);
    }

    @Override
    public int hashCode() {
        return verificationKey.hashCode();
    }

    /** Shows the key id alone. */
    @Override
    public String toString() {
        return "SigningKey[" + verificationKey.keyId() + "]";
    }
}
