package dev.agentauth.internal.jose;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** A real key pair that signs whatever a test asks for, right or wrong, and shows its public half as a JWK. */
public final class TestKey {
    private static final PSSParameterSpec PSS =
            new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, PSSParameterSpec.TRAILER_FIELD_BC);

    private final KeyPair pair;

    private TestKey(KeyPair pair) {
        this.pair = pair;
    }

    public static TestKey p256() {
        return generate("EC", new ECGenParameterSpec("secp256r1"));
    }

    public static TestKey p384() {
        return generate("EC", new ECGenParameterSpec("secp384r1"));
    }

    public static TestKey rsa(int bits) {
        return generate("RSA", new RSAKeyGenParameterSpec(bits, RSAKeyGenParameterSpec.F4));
    }

    public static TestKey ed25519() {
        return new TestKey(generator("Ed25519").generateKeyPair());
    }

    public PublicKey publicKey() {
        return pair.getPublic();
    }

    /** Its public members alone, to be completed with {@code kid} and the like. */
    public Map<String, Object> jwk() {
        if (publicKey() instanceof ECPublicKey key) {
            Curve curve = Curve.forECParameterSpec(key.getParams());
            return new LinkedHashMap<>(new ECKey.Builder(curve, key).build().toJSONObject());
        }
        if (publicKey() instanceof RSAPublicKey key) {
            return new LinkedHashMap<>(new RSAKey.Builder(key).build().toJSONObject());
        }
        byte[] der = publicKey().getEncoded();
        String x = Base64Url.encode(Arrays.copyOfRange(der, der.length - 32, der.length));
        return new LinkedHashMap<>(Map.of("kty", "OKP", "crv", "Ed25519", "x", x));
    }

    /** The compact form of these two texts, signed with that algorithm, whatever the header says. */
    public String sign(String algorithm, String header, String payload) {
        return sign(algorithm, header.getBytes(StandardCharsets.UTF_8), payload.getBytes(StandardCharsets.UTF_8));
    }

    public String sign(String algorithm, byte[] header, byte[] payload) {
        String input = encode(header) + "." + encode(payload);
        return input + "." + encode(signature(algorithm, input.getBytes(StandardCharsets.US_ASCII)));
    }

    byte[] signature(String algorithm, byte[] input) {
        try {
            Signature signature = Signature.getInstance(
                    switch (algorithm) {
                        case "ES256" -> "SHA256withECDSAinP1363Format";
                        case "ES384" -> "SHA384withECDSAinP1363Format";
                        case "RS256" -> "SHA256withRSA";
                        case "RS512" -> "SHA512withRSA";
                        case "PS256" -> "RSASSA-PSS";
                        case "EdDSA" -> "Ed25519";
                        default -> throw new IllegalArgumentException(algorithm);
                    });
            if (algorithm.equals("PS256")) {
                signature.setParameter(PSS);
            }
            signature.initSign(pair.getPrivate());
            signature.update(input);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String encode(byte[] octets) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }

    private static TestKey generate(String algorithm, AlgorithmParameterSpec parameters) {
        KeyPairGenerator generator = generator(algorithm);
        try {
            generator.initialize(parameters);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
        return new TestKey(generator.generateKeyPair());
    }

    private static KeyPairGenerator generator(String algorithm) {
        try {
            return KeyPairGenerator.getInstance(algorithm);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
