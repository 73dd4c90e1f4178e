package dev.agentauth.internal.jose;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.crypto.impl.ECDSA;
import com.nimbusds.jose.crypto.utils.ECChecks;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.util.Base64URL;
import dev.agentauth.internal.ports.Foreign;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Verifies signatures with public keys: ECDSA by the JCA provider that was chosen, all else by whichever the platform
 * chooses. There is no HMAC and no {@code none}.
 */
public final class Signatures {
    private static final JWSHeader RS256 = new JWSHeader(JWSAlgorithm.RS256);
    private static final JWSHeader PS256 = new JWSHeader(JWSAlgorithm.PS256);

    private static final String EDDSA = "EdDSA";

    /** More than the keys of all providers that anybody trusts. */
    private static final int KEPT_KEYS = 1_000;

    private final Ecdsa chosen;

    /** By identity, so that nothing depends on what a foreign key says it is equal to. */
    private final Cache<ECPublicKey, ReadyKey> ready =
            Caffeine.newBuilder().weakKeys().maximumSize(KEPT_KEYS).build();

    /**
     * A public key, checked and in the form of whoever verifies with it.
     *
     * @param curve the one on which it is; null if that is none of ours, or its point is not on it
     */
    private record ReadyKey(@Nullable Curve curve, Ecdsa ecdsa, PublicKey key) {}

    /**
     * Verifies by that provider.
     *
     * @param provider asked each time: one that has passed {@link EcdsaSelfTest}; empty for the platform's choice
     */
    public Signatures(Supplier<Optional<Provider>> provider) {
        this.chosen = Ecdsa.by(provider);
    }

    /** One name for an algorithm that has two: {@code Ed25519} (RFC 9864, section 2.2) is what we do as {@code EdDSA}. */
    static String algorithm(String name) {
        return name.equals("Ed25519") ? EDDSA : name;
    }

    /** Whether the token's signature is good under its own {@code alg} and this key; false for a key of another type. */
    public boolean verify(CompactJws jws, PublicKey key) {
        return verify(jws.form(), key);
    }

    boolean verify(CompactForm form, PublicKey key) {
        return verify(
                form.headerString("alg").map(Signatures::algorithm).orElse(""),
                form.signingInput(),
                form.signature(),
                key);
    }

    boolean verify(String algorithm, byte[] input, byte[] signature, PublicKey key) {
        try {
            return switch (algorithm) {
                case "ES256" -> ecdsa(Ecdsa.Algorithm.ES256, input, signature, key);
                case "ES384" -> ecdsa(Ecdsa.Algorithm.ES384, input, signature, key);
                case "RS256" -> rsa(RS256, input, signature, key);
                case "PS256" -> rsa(PS256, input, signature, key);
                case EDDSA -> ed25519(input, signature, key);
                default -> false;
            };
        } catch (JOSEException | GeneralSecurityException e) {
            return false;
        }
    }

    /** Without Nimbus' verifier, which would check and translate the key each time, but by the rules that it has. */
    private boolean ecdsa(Ecdsa.Algorithm algorithm, byte[] input, byte[] signature, PublicKey key)
            throws JOSEException, GeneralSecurityException {
        if (!(key instanceof ECPublicKey ecKey)) {
            return false;
        }
        ReadyKey verifying = ready.get(ecKey, this::makeReady);
        if (!algorithm.curve().equals(verifying.curve())) {
            return false;
        }
        // Its length, and both numbers in 1..n-1 (CVE-2022-21449), whatever the provider would say of it.
        ECDSA.ensureLegalSignature(signature, algorithm.jwsName());
        byte[] der = ECDSA.transcodeSignatureToDER(signature);
        return verifying.ecdsa().verify(algorithm, input, der, verifying.key());
    }

    private ReadyKey makeReady(ECPublicKey key) {
        Curve curve = Curve.forECParameterSpec(key.getParams());
        if (curve == null || !ECChecks.isPointOnCurve(key, curve.toECParameterSpec())) {
            return new ReadyKey(null, Ecdsa.PLATFORM, key);
        }
        try {
            return new ReadyKey(curve, chosen, chosen.translated(key, PublicKey.class));
        } catch (Throwable e) {
            // What one provider does not take, another may.
            Foreign.contain(e);
            return new ReadyKey(curve, Ecdsa.PLATFORM, key);
        }
    }

    private static boolean rsa(JWSHeader header, byte[] input, byte[] signature, PublicKey key) throws JOSEException {
        return key instanceof RSAPublicKey rsaKey
                && new RSASSAVerifier(rsaKey).verify(header, input, Base64URL.encode(signature));
    }

    /** Without Nimbus, whose verifier would need a further library. A key of another type is refused by the JCA. */
    private static boolean ed25519(byte[] input, byte[] signature, PublicKey key) throws GeneralSecurityException {
        Signature verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(key);
        verifier.update(input);
        return verifier.verify(signature);
    }
}
