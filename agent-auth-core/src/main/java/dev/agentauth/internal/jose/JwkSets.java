package dev.agentauth.internal.jose;

import com.nimbusds.jose.crypto.utils.ECChecks;
import com.nimbusds.jose.jwk.Curve;
import dev.agentauth.internal.json.Json;
import dev.agentauth.internal.json.JsonFormatException;
import dev.agentauth.internal.json.JsonObject;
import dev.agentauth.spi.ProviderKey;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads what a provider publishes. A key that we cannot or may not verify signatures with is left out; the others stay
 * usable.
 */
public final class JwkSets {
    private static final int MIN_RSA_BITS = 2048;
    /** No one has larger keys, and they would make each signature costly to check. */
    private static final int MAX_RSA_BITS = 8192;

    /** What everybody has fits into 17; a longer one would make each signature costly to check. */
    private static final int MAX_RSA_EXPONENT_BITS = 32;

    /** Far more than a provider that changes its keys needs. */
    private static final int MAX_KEYS = 100;

    private static final byte[] BYTE_ORDER_MARK = HexFormat.of().parseHex("efbbbf");

    private static final int ED25519_OCTETS = 32;
    /** All that comes before the key itself in its DER form (RFC 8410, section 4). */
    private static final byte[] ED25519_DER_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    /** Members of private and symmetric keys (RFC 7518, section 6). */
    private static final List<String> SECRET_MEMBERS = List.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");

    private JwkSets() {}

    /**
     * What a JWK set holds.
     *
     * @param usable the signature keys, in its order, twin key ids included
     * @param unusable the ids of public keys that we cannot or may not verify signatures with
     */
    public record Published(List<ProviderKey> usable, Set<String> unusable) {

        /** Copies both. */
        public Published {
            usable = List.copyOf(usable);
            unusable = Set.copyOf(unusable);
        }
    }

    /**
     * Reads a JWK set. Private and symmetric keys are as good as not there. Some editors put a byte order mark in front of it.
     *
     * @throws JsonFormatException if the document as a whole is not a JWK set, or has more than 100 keys of whatever kind
     */
    public static Published parse(byte[] json) throws JsonFormatException {
        List<JsonObject> jwks = Json.parseObject(withoutByteOrderMark(json)).requiredObjects("keys");
        if (jwks.size() > MAX_KEYS) {
            throw new JsonFormatException("more than " + MAX_KEYS + " keys");
        }
        List<ProviderKey> keys = new ArrayList<>();
        Set<String> unusable = new HashSet<>();
        for (JsonObject jwk : jwks) {
            Optional<ProviderKey> usable = usableKey(jwk);
            usable.ifPresent(keys::add);
            if (usable.isEmpty() && SECRET_MEMBERS.stream().noneMatch(jwk::has)) {
                keyId(jwk).ifPresent(unusable::add);
            }
        }
        return new Published(keys, unusable);
    }

    private static byte[] withoutByteOrderMark(byte[] json) {
        int length = BYTE_ORDER_MARK.length;
        return json.length >= length && Arrays.equals(json, 0, length, BYTE_ORDER_MARK, 0, length)
                ? Arrays.copyOfRange(json, length, json.length)
                : json;
    }

    private static Optional<String> keyId(JsonObject jwk) {
        try {
            return jwk.string("kid");
        } catch (JsonFormatException e) {
            return Optional.empty();
        }
    }

    private static Optional<ProviderKey> usableKey(JsonObject jwk) {
        try {
            return Optional.of(signatureKey(jwk));
        } catch (JsonFormatException | GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private static ProviderKey signatureKey(JsonObject jwk) throws JsonFormatException, GeneralSecurityException {
        require(jwk.string("use").orElse("sig").equals("sig"));
        require(jwk.stringOrStrings("key_ops").orElse(List.of("verify")).contains("verify"));
        require(SECRET_MEMBERS.stream().noneMatch(jwk::has));
        return switch (jwk.requiredString("kty")) {
            case "RSA" -> key(jwk, rsa(jwk), Set.of("RS256", "PS256"));
            case "EC" -> ec(jwk);
            case "OKP" -> key(jwk, ed25519(jwk), Set.of("EdDSA"));
            default -> throw new InvalidKeyException();
        };
    }

    private static ProviderKey ec(JsonObject jwk) throws JsonFormatException, GeneralSecurityException {
        return switch (jwk.requiredString("crv")) {
            case "P-256" -> key(jwk, ec(jwk, Curve.P_256), Set.of("ES256"));
            case "P-384" -> key(jwk, ec(jwk, Curve.P_384), Set.of("ES384"));
            default -> throw new InvalidKeyException();
        };
    }

    private static ProviderKey key(JsonObject jwk, PublicKey publicKey, Set<String> possible)
            throws JsonFormatException, InvalidKeyException {
        Set<String> algorithms = new HashSet<>(possible);
        if (jwk.has("alg")) {
            algorithms.retainAll(Set.of(Signatures.algorithm(jwk.requiredString("alg"))));
        }
        require(!algorithms.isEmpty());
        return new ProviderKey(jwk.requiredString("kid"), publicKey, algorithms);
    }

    private static PublicKey rsa(JsonObject jwk) throws JsonFormatException, GeneralSecurityException {
        BigInteger modulus = number(jwk, "n");
        BigInteger exponent = number(jwk, "e");
        require(modulus.bitLength() >= MIN_RSA_BITS && modulus.bitLength() <= MAX_RSA_BITS);
        require(exponent.testBit(0)
                && exponent.compareTo(BigInteger.TWO) > 0
                && exponent.bitLength() <= MAX_RSA_EXPONENT_BITS);
        require(!RocaWeakness.affects(modulus));
        return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent));
    }

    static ECPublicKey ec(JsonObject jwk, Curve curve) throws JsonFormatException, GeneralSecurityException {
        ECParameterSpec parameters = curve.toECParameterSpec();
        BigInteger prime = ((ECFieldFp) parameters.getCurve().getField()).getP();
        BigInteger x = number(jwk, "x");
        BigInteger y = number(jwk, "y");
        require(x.compareTo(prime) < 0 && y.compareTo(prime) < 0 && ECChecks.isPointOnCurve(x, y, parameters));
        ECPublicKeySpec key = new ECPublicKeySpec(new ECPoint(x, y), parameters);
        return (ECPublicKey) KeyFactory.getInstance("EC").generatePublic(key);
    }

    private static PublicKey ed25519(JsonObject jwk) throws JsonFormatException, GeneralSecurityException {
        require(jwk.requiredString("crv").equals("Ed25519"));
        byte[] octets = octets(jwk, "x");
        require(octets.length == ED25519_OCTETS);
        byte[] der = new byte[ED25519_DER_PREFIX.length + ED25519_OCTETS];
        System.arraycopy(ED25519_DER_PREFIX, 0, der, 0, ED25519_DER_PREFIX.length);
        System.arraycopy(octets, 0, der, ED25519_DER_PREFIX.length, ED25519_OCTETS);
        PublicKey key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der));
        // This is where the JDK finds out that there is no such point on the curve.
        Signature.getInstance("Ed25519").initVerify(key);
        return key;
    }

    private static byte[] octets(JsonObject jwk, String name) throws JsonFormatException, InvalidKeyException {
        return Base64Url.decode(jwk.requiredString(name)).orElseThrow(InvalidKeyException::new);
    }

    static BigInteger number(JsonObject jwk, String name) throws JsonFormatException, InvalidKeyException {
        return new BigInteger(1, octets(jwk, name));
    }

    private static void require(boolean condition) throws InvalidKeyException {
        if (!condition) {
            throw new InvalidKeyException();
        }
    }
}
