package dev.agentauth.internal.jose;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import dev.agentauth.internal.json.Json;
import dev.agentauth.internal.json.JsonFormatException;
import dev.agentauth.internal.json.JsonObject;
import dev.agentauth.spi.SigningKey;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECPrivateKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The service's own keys as a JWK set with private halves. The times of a key are its members {@code nbf} and
 * {@code exp}.
 */
public final class OwnKeySets {
    private OwnKeySets() {}

    /** A new P-256 key. */
    public static SigningKey generate() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(Curve.P_256.getStdName()));
            KeyPair pair = generator.generateKeyPair();
            return new SigningKey(OwnJwts.verificationKey((ECPublicKey) pair.getPublic()), pair.getPrivate());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no installed JCA provider makes P-256 keys", e);
        }
    }

    /**
     * Reads a JWK set, in its order.
     *
     * @throws JsonFormatException if it is not a JWK set
     * @throws GeneralSecurityException if one of its keys is not a complete P-256 key pair
     */
    public static List<OwnKey> parse(byte[] json) throws JsonFormatException, GeneralSecurityException {
        List<OwnKey> keys = new ArrayList<>();
        for (JsonObject jwk : Json.parseObject(json).requiredObjects("keys")) {
            keys.add(new OwnKey(
                    signingKey(jwk),
                    jwk.time("nbf").orElse(Instant.EPOCH),
                    jwk.time("exp").orElse(Instant.MAX)));
        }
        return List.copyOf(keys);
    }

    /** Writes a JWK set that {@link #parse} reads back. Times are whole seconds. */
    public static byte[] write(List<OwnKey> keys) {
        List<Map<String, Object>> jwks = new ArrayList<>();
        for (OwnKey key : keys) {
            Map<String, Object> jwk = OwnJwts.publicJwk(key.signingKey().verificationKey());
            ECPrivateKey privateKey = (ECPrivateKey) key.signingKey().privateKey();
            jwk.put(
                    "d",
                    ECKey.encodeCoordinate(OwnJwts.FIELD_BITS, privateKey.getS())
                            .toString());
            if (!key.signsFrom().equals(Instant.EPOCH)) {
                jwk.put("nbf", key.signsFrom().getEpochSecond());
            }
            if (!key.publishedUntil().equals(Instant.MAX)) {
                jwk.put("exp", key.publishedUntil().getEpochSecond());
            }
            jwks.add(jwk);
        }
        return Json.writePretty(Map.of("keys", jwks)).getBytes(StandardCharsets.UTF_8);
    }

    private static SigningKey signingKey(JsonObject jwk) throws JsonFormatException, GeneralSecurityException {
        if (!jwk.requiredString("kty").equals("EC")
                || !jwk.requiredString("crv").equals("P-256")) {
            throw new InvalidKeyException("not a P-256 key");
        }
        ECPublicKey publicKey = JwkSets.ec(jwk, Curve.P_256);
        BigInteger secret = JwkSets.number(jwk, "d");
        PrivateKey privateKey =
                KeyFactory.getInstance("EC").generatePrivate(new ECPrivateKeySpec(secret, publicKey.getParams()));
        requirePair(publicKey, privateKey);
        return new SigningKey(OwnJwts.verificationKey(publicKey), privateKey);
    }

    private static void requirePair(ECPublicKey publicKey, PrivateKey privateKey) throws GeneralSecurityException {
        byte[] probe = {1};
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(privateKey);
        signature.update(probe);
        byte[] signed = signature.sign();
        signature.initVerify(publicKey);
        signature.update(probe);
        if (!signature.verify(signed)) {
            throw new InvalidKeyException("the two halves of a key do not belong together");
        }
    }
}
