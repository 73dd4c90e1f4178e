package dev.agentauth.internal.jose;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * ECDSA by one JCA provider, or by the platform's choice for each key. Signatures are in DER here: it is the one form that
 * every provider has, hardware's too, and the concatenated one is no faster where both are there.
 */
final class Ecdsa {

    /** The platform's choice. */
    static final Ecdsa PLATFORM = new Ecdsa(Optional::empty);

    /** An algorithm of RFC 7518, section 3.4, and the one curve that it has. */
    record Algorithm(JWSAlgorithm jwsName, String jcaName, Curve curve) {
        static final Algorithm ES256 = new Algorithm(JWSAlgorithm.ES256, "SHA256withECDSA", Curve.P_256);
        static final Algorithm ES384 = new Algorithm(JWSAlgorithm.ES384, "SHA384withECDSA", Curve.P_384);
    }

    private final Supplier<Optional<Provider>> provider;

    private Ecdsa(Supplier<Optional<Provider>> provider) {
        this.provider = provider;
    }

    /** By one that may be chosen as late as it is needed; empty for the platform's choice. */
    static Ecdsa by(Supplier<Optional<Provider>> provider) {
        return new Ecdsa(provider);
    }

    boolean isPlatform() {
        return provider.get().isEmpty();
    }

    /**
     * The key in the provider's own form. To be kept: Corretto's and BouncyCastle would else do this at each signature, for
     * half and two thirds of its cost.
     *
     * @throws GeneralSecurityException if the provider cannot take it
     */
    <K extends Key> K translated(K key, Class<K> half) throws GeneralSecurityException {
        Provider chosen = provider.get().orElse(null);
        return chosen == null
                ? key
                : half.cast(KeyFactory.getInstance("EC", chosen).translateKey(key));
    }

    byte[] sign(Algorithm algorithm, byte[] input, PrivateKey key) throws GeneralSecurityException {
        Signature signer = signature(algorithm);
        signer.initSign(key);
        signer.update(input);
        return signer.sign();
    }

    boolean verify(Algorithm algorithm, byte[] input, byte[] der, PublicKey key) throws GeneralSecurityException {
        Signature verifier = signature(algorithm);
        verifier.initVerify(key);
        verifier.update(input);
        return verifier.verify(der);
    }

    private Signature signature(Algorithm algorithm) throws GeneralSecurityException {
        Provider chosen = provider.get().orElse(null);
        return chosen == null
                ? Signature.getInstance(algorithm.jcaName())
                : Signature.getInstance(algorithm.jcaName(), chosen);
    }
}
