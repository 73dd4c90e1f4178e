package dev.agentauth.internal.jose;

import com.nimbusds.jose.crypto.impl.ECDSA;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import dev.agentauth.internal.json.Json;
import dev.agentauth.internal.ports.Foreign;
import dev.agentauth.spi.SigningKey;
import dev.agentauth.spi.VerificationKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the service signs itself: identity assertions, always with ES256. By the JCA provider that was chosen, as long as
 * that one takes the key; a handle into a hardware module is signed with by whichever provider the platform finds for it.
 */
public final class OwnJwts {
    static final int FIELD_BITS = 256;
    static final int SIGNATURE_OCTETS = 64;
    private static final byte[] PROBE = {1};

    private final Ecdsa chosen;

    /** The newest key: a service has one that signs. */
    private volatile @Nullable ReadyKey newest;

    /**
     * A key that signs, with all that is the same for each JWT.
     *
     * @param header the first segment
     * @param translated empty if the platform signs; then nothing is kept of a handle, which may be another object each time
     */
    private record ReadyKey(VerificationKey publicHalf, String header, Optional<Translated> translated) {

        boolean is(SigningKey other) {
            return publicHalf.equals(other.verificationKey())
                    && (translated.isEmpty() || translated.get().from().equals(other.privateKey()));
        }
    }

    /** A private key and the same in the form of the chosen provider. */
    private record Translated(PrivateKey from, PrivateKey to) {}

    /**
     * Signs by that provider.
     *
     * @param provider asked each time: one that has passed {@link EcdsaSelfTest}; empty for the platform's choice
     */
    public OwnJwts(Supplier<Optional<Provider>> provider) {
        this.chosen = Ecdsa.by(provider);
    }

    /** The compact form of an identity assertion with these claims. */
    public String sign(Map<String, Object> claims, SigningKey key) {
        try {
            ReadyKey signing = ready(key);
            String input = signing.header() + "." + Base64Url.encode(Json.write(claims));
            byte[] der = sign(input.getBytes(StandardCharsets.US_ASCII), signing, key);
            return input + "." + Base64Url.encode(ECDSA.transcodeSignatureToConcat(der, SIGNATURE_OCTETS));
        } catch (Throwable e) {
            // A handle into a hardware module is foreign code, too.
            throw Foreign.outOfReach("the signing key " + key.verificationKey().keyId(), e);
        }
    }

    private byte[] sign(byte[] input, ReadyKey signing, SigningKey key) throws GeneralSecurityException {
        return signing.translated().isPresent()
                ? chosen.sign(
                        Ecdsa.Algorithm.ES256, input, signing.translated().get().to())
                : Ecdsa.PLATFORM.sign(Ecdsa.Algorithm.ES256, input, key.privateKey());
    }

    private ReadyKey ready(SigningKey key) {
        ReadyKey known = newest;
        if (known == null || !known.is(key)) {
            known = new ReadyKey(key.verificationKey(), header(key), translated(key));
            newest = known;
        }
        return known;
    }

    private static String header(SigningKey key) {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("typ", "oauth-id-jag+jwt");
        header.put("alg", "ES256");
        header.put("kid", key.verificationKey().keyId());
        return Base64Url.encode(Json.write(header));
    }

    /** Empty unless the chosen provider is shown to sign with this key: some handles look like keys and are none. */
    private Optional<Translated> translated(SigningKey key) {
        if (chosen.isPlatform() || !(key.privateKey() instanceof ECPrivateKey privateKey)) {
            return Optional.empty();
        }
        try {
            if (privateKey.getS() == null) {
                return Optional.empty();
            }
            PrivateKey translated = chosen.translated(privateKey, PrivateKey.class);
            PublicKey publicKey = chosen.translated(key.verificationKey().publicKey(), PublicKey.class);
            byte[] signed = chosen.sign(Ecdsa.Algorithm.ES256, PROBE, translated);
            return chosen.verify(Ecdsa.Algorithm.ES256, PROBE, signed, publicKey)
                    ? Optional.of(new Translated(privateKey, translated))
                    : Optional.empty();
        } catch (Throwable e) {
            Foreign.contain(e);
            return Optional.empty();
        }
    }

    /** The JWK that the service publishes for a key. */
    public static Map<String, Object> publicJwk(VerificationKey key) {
        Map<String, Object> jwk = new LinkedHashMap<>();
        jwk.put("kty", "EC");
        jwk.put("crv", "P-256");
        putPoint(jwk, key.publicKey());
        jwk.put("alg", "ES256");
        jwk.put("use", "sig");
        jwk.put("kid", key.keyId());
        return jwk;
    }

    /**
     * Names a P-256 key by its RFC 7638 thumbprint. Not by Nimbus', which loads a JSON library of its own for it: a sixth of
     * the time in which the demo starts.
     */
    public static VerificationKey verificationKey(ECPublicKey key) {
        if (!Curve.P_256.equals(Curve.forECParameterSpec(key.getParams()))) {
            throw new IllegalArgumentException("a signing key must be on the curve P-256");
        }
        // In this very order: section 3.
        Map<String, Object> required = new LinkedHashMap<>();
        required.put("crv", "P-256");
        required.put("kty", "EC");
        putPoint(required, key);
        try {
            byte[] thumbprint = MessageDigest.getInstance("SHA-256").digest(Json.write(required));
            return new VerificationKey(Base64Url.encode(thumbprint), key);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void putPoint(Map<String, Object> jwk, ECPublicKey key) {
        jwk.put("x", ECKey.encodeCoordinate(FIELD_BITS, key.getW().getAffineX()).toString());
        jwk.put("y", ECKey.encodeCoordinate(FIELD_BITS, key.getW().getAffineY()).toString());
    }
}
