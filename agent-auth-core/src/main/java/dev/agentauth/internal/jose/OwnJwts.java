package dev.agentauth.internal.jose;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import dev.agentauth.internal.json.Json;
import dev.agentauth.internal.ports.Foreign;
import dev.agentauth.spi.SigningKey;
import dev.agentauth.spi.VerificationKey;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.ECPublicKey;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the service signs itself: identity assertions, always with ES256. */
public final class OwnJwts {
    private static final JWSHeader ES256 = new JWSHeader(JWSAlgorithm.ES256);
    static final int FIELD_BITS = 256;

    private OwnJwts() {}

    /** The compact form of an identity assertion with these claims. */
    public static String sign(Map<String, Object> claims, SigningKey key) {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("typ", "oauth-id-jag+jwt");
        header.put("alg", "ES256");
        header.put("kid", key.verificationKey().keyId());
        String input = Base64Url.encode(Json.write(header)) + "." + Base64Url.encode(Json.write(claims));
        try {
            ECDSASigner signer = new ECDSASigner(key.privateKey(), Curve.P_256);
            return input + "." + signer.sign(ES256, input.getBytes(StandardCharsets.US_ASCII));
        } catch (Throwable e) {
            // A handle into a hardware module is foreign code, too.
            throw Foreign.outOfReach("the signing key " + key.verificationKey().keyId(), e);
        }
    }

    /** The JWK that the service publishes for a key. */
    public static Map<String, Object> publicJwk(VerificationKey key) {
        ECPublicKey publicKey = key.publicKey();
        Map<String, Object> jwk = new LinkedHashMap<>();
        jwk.put("kty", "EC");
        jwk.put("crv", "P-256");
        jwk.put(
                "x",
                ECKey.encodeCoordinate(FIELD_BITS, publicKey.getW().getAffineX())
                        .toString());
        jwk.put(
                "y",
                ECKey.encodeCoordinate(FIELD_BITS, publicKey.getW().getAffineY())
                        .toString());
        jwk.put("alg", "ES256");
        jwk.put("use", "sig");
        jwk.put("kid", key.keyId());
        return jwk;
    }

    /** Names a P-256 key by its RFC 7638 thumbprint. */
    public static VerificationKey verificationKey(ECPublicKey key) {
        if (!Curve.P_256.equals(Curve.forECParameterSpec(key.getParams()))) {
            throw new IllegalArgumentException("a signing key must be on the curve P-256");
        }
        try {
            ECKey jwk = new ECKey.Builder(Curve.P_256, key).build();
            return new VerificationKey(jwk.computeThumbprint().toString(), key);
        } catch (JOSEException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
