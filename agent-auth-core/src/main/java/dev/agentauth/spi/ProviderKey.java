package dev.agentauth.spi;

import java.security.PublicKey;
import java.util.Objects;
import java.util.Set;

/**
 * A public key that a provider publishes for signatures.
 *
 * @param keyId its {@code kid}
 * @param publicKey RSA of at least 2048 bits, EC on P-256 or P-384, or Ed25519
 * @param algorithms the JWS algorithms that the key's type and its own {@code alg} leave
 * @since 0.2.0
 */
public record ProviderKey(String keyId, PublicKey publicKey, Set<String> algorithms) {

    /** Copies the set and checks that nothing is missing. */
    public ProviderKey {
        Objects.requireNonNull(keyId);
        Objects.requireNonNull(publicKey);
        algorithms = Set.copyOf(algorithms);
    }
}
