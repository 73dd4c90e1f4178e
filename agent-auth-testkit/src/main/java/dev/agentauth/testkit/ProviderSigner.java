package dev.agentauth.testkit;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A key pair of a provider with the algorithm that it signs with. Immutable; made by one of the factories, each of which
 * generates a fresh key with a fresh key id.
 *
 * @since 0.2.0
 */
public final class ProviderSigner {
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    private final String keyId;
    private final String algorithm;
    private final PrivateKey privateKey;
    private final PublicKey publicKey;

    private ProviderSigner(String keyId, String algorithm, KeyPair pair) {
        this.keyId = keyId;
        this.algorithm = algorithm;
        this.privateKey = pair.getPrivate();
        this.publicKey = pair.getPublic();
    }

    /**
     * An ECDSA key on P-256.
     *
     * @return signs with ES256
     */
    public static ProviderSigner es256() {
        return ec("ES256", "secp256r1");
    }

    /**
     * An ECDSA key on P-384.
     *
     * @return signs with ES384
     */
    public static ProviderSigner es384() {
        return ec("ES384", "secp384r1");
    }

    /**
     * An ECDSA key on P-521, which this library's protocol does not know.
     *
     * @return signs with ES512
     */
    public static ProviderSigner es512() {
        return ec("ES512", "secp521r1");
    }

    /**
     * An RSA key.
     *
     * @param bits its size
     * @return signs with RS256
     */
    public static ProviderSigner rs256(int bits) {
        return rsa("RS256", bits);
    }

    /**
     * An RSA key.
     *
     * @param bits its size
     * @return signs with PS256
     */
    public static ProviderSigner ps256(int bits) {
        return rsa("PS256", bits);
    }

    /**
     * An Edwards curve key.
     *
     * @return signs with EdDSA
     */
    public static ProviderSigner ed25519() {
        return generate("EdDSA", "Ed25519", 0, null);
    }

    /**
     * The same key under another key id.
     *
     * @param newKeyId the {@code kid}
     * @return the changed signer
     */
    public ProviderSigner withKeyId(String newKeyId) {
        return new ProviderSigner(newKeyId, algorithm, new KeyPair(publicKey, privateKey));
    }

    /**
     * The same key under another algorithm, such as RS256 and PS256 with one RSA key.
     *
     * @param newAlgorithm a JWS algorithm
     * @return the changed signer
     */
    public ProviderSigner withAlgorithm(String newAlgorithm) {
        return new ProviderSigner(keyId, newAlgorithm, new KeyPair(publicKey, privateKey));
    }

    /**
     * The key id.
     *
     * @return the {@code kid}
     */
    public String keyId() {
        return keyId;
    }

    /**
     * The algorithm.
     *
     * @return the {@code alg}
     */
    public String algorithm() {
        return algorithm;
    }

    /**
     * The public half.
     *
     * @return the key
     */
    public PublicKey publicKey() {
        return publicKey;
    }

    /**
     * The public half as a provider publishes it: {@code kty}, its parameters, {@code kid}, {@code alg} and {@code use}.
     *
     * @return a fresh map that may be changed into something that nobody should publish
     */
    public Map<String, Object> publicJwk() {
        Map<String, Object> jwk = new LinkedHashMap<>();
        if (publicKey instanceof ECPublicKey ec) {
            int size = (ec.getParams().getCurve().getField().getFieldSize() + 7) / 8;
            jwk.put("kty", "EC");
            jwk.put("crv", size == 32 ? "P-256" : size == 48 ? "P-384" : "P-521");
            jwk.put("x", encode(unsigned(ec.getW().getAffineX(), size)));
            jwk.put("y", encode(unsigned(ec.getW().getAffineY(), size)));
        } else if (publicKey instanceof RSAPublicKey rsa) {
            jwk.put("kty", "RSA");
            jwk.put("n", encode(unsigned(rsa.getModulus(), (rsa.getModulus().bitLength() + 7) / 8)));
            jwk.put("e", encode(rsa.getPublicExponent().toByteArray()));
        } else {
            jwk.put("kty", "OKP");
            jwk.put("crv", "Ed25519");
            jwk.put("x", encode(edwardsPoint((EdECPublicKey) publicKey)));
        }
        jwk.put("kid", keyId);
        jwk.put("alg", algorithm);
        jwk.put("use", "sig");
        return jwk;
    }

    /**
     * Signs as JWS does (RFC 7518, section 3).
     *
     * @param signingInput header, dot and claims in base64url
     * @return the signature's bytes
     */
    public byte[] sign(String signingInput) {
        byte[] input = signingInput.getBytes(StandardCharsets.US_ASCII);
        try {
            Signature signature = Signature.getInstance(jcaName());
            if (algorithm.equals("PS256")) {
                signature.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
            }
            signature.initSign(privateKey);
            signature.update(input);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot sign with " + algorithm, e);
        }
    }

    /**
     * The classic forgery: an HMAC whose key is this public key.
     *
     * @param key the bytes that stand in for a shared secret
     * @param signingInput header, dot and claims in base64url
     * @return the HMAC's bytes
     */
    public static byte[] hmac(byte[] key, String signingInput) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(signingInput.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    private String jcaName() {
        return switch (algorithm) {
            case "ES256" -> "SHA256withECDSAinP1363Format";
            case "ES384" -> "SHA384withECDSAinP1363Format";
            case "ES512" -> "SHA512withECDSAinP1363Format";
            case "RS256" -> "SHA256withRSA";
            case "RS512" -> "SHA512withRSA";
            case "PS256" -> "RSASSA-PSS";
            case "EdDSA" -> "Ed25519";
            default -> throw new IllegalStateException("no such algorithm: " + algorithm);
        };
    }

    private static ProviderSigner ec(String algorithm, String curve) {
        return generate(algorithm, "EC", 0, curve);
    }

    private static ProviderSigner rsa(String algorithm, int bits) {
        return generate(algorithm, "RSA", bits, null);
    }

    private static ProviderSigner generate(String algorithm, String keyType, int bits, @Nullable String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(keyType);
            if (curve != null) {
                generator.initialize(new ECGenParameterSpec(curve));
            } else if (bits > 0) {
                generator.initialize(bits);
            }
            return new ProviderSigner("key-" + UUID.randomUUID(), algorithm, generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot make a key for " + algorithm, e);
        }
    }

    private static byte[] edwardsPoint(EdECPublicKey key) {
        byte[] bigEndian = unsigned(key.getPoint().getY(), 32);
        byte[] point = new byte[32];
        for (int i = 0; i < 32; i++) {
            point[i] = bigEndian[31 - i];
        }
        if (key.getPoint().isXOdd()) {
            point[31] |= (byte) 0x80;
        }
        return point;
    }

    private static byte[] unsigned(BigInteger number, int size) {
        byte[] bytes = number.toByteArray();
        byte[] sized = new byte[size];
        int length = Math.min(bytes.length, size);
        System.arraycopy(bytes, bytes.length - length, sized, size - length, length);
        return sized;
    }

    private static String encode(byte[] bytes) {
        return BASE64URL.encodeToString(bytes);
    }

    @Override
    public String toString() {
        return "ProviderSigner[" + algorithm + " " + keyId + "]";
    }
}
