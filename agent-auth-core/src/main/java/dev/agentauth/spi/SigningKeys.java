package dev.agentauth.spi;

import java.util.List;

/**
 * The service's own signing keys. Implementations answer from memory: both methods are on the hot path.
 *
 * <p>A rotation needs an overlap: a new key is published at least ten minutes before it signs, since discovery documents
 * are cached, and an old one stays published until the last assertion that it signed has expired.
 *
 * <p><b>Failure</b>, for both methods: {@link PortUnavailableException} if there is no key to sign with or nothing is known now;
 * whatever else is thrown, or null, is treated the same. So is what a private key throws when it signs.
 *
 * @see dev.agentauth.keys.RotatingSigningKeys
 * @since 0.2.0
 */
public interface SigningKeys {

    /**
     * The key that signs from now on. It is one of the published ones.
     *
     * @return the current key
     */
    SigningKey current();

    /**
     * All keys whose signatures are good.
     *
     * @return an unmodifiable list
     */
    List<VerificationKey> published();
}
