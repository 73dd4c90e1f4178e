package dev.agentauth.internal.jose;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;

/** Verifies signatures with public keys, by whatever JCA provider is installed. There is no HMAC and no {@code none}. */
public final class Signatures {
    private static final JWSHeader ES256 = new JWSHeader(JWSAlgorithm.ES256);
    private static final JWSHeader ES384 = new JWSHeader(JWSAlgorithm.ES384);
    private static final JWSHeader RS256 = new JWSHeader(JWSAlgorithm.RS256);
    private static final JWSHeader PS256 = new JWSHeader(JWSAlgorithm.PS256);

    private static final String EDDSA = "EdDSA";

    private Signatures() {}

    /** One name for an algorithm that has two: {@code Ed25519} (RFC 9864, section 2.2) is what we do as {@code EdDSA}. */
    static String algorithm(String name) {
        return name.equals("Ed25519") ? EDDSA : name;
    }

    /** Whether the token's signature is good under its own {@code alg} and this key; false for a key of another type. */
    public static boolean verify(CompactJws jws, PublicKey key) {
        return verify(jws.form(), key);
    }

    static boolean verify(CompactForm form, PublicKey key) {
        return verify(
                form.headerString("alg").map(Signatures::algorithm).orElse(""),
                form.signingInput(),
                form.signature(),
                key);
    }

    static boolean verify(String algorithm, byte[] input, byte[] signature, PublicKey key) {
        try {
            return switch (algorithm) {
                case "ES256" -> ecdsa(ES256, input, signature, key);
                case "ES384" -> ecdsa(ES384, input, signature, key);
                case "RS256" -> rsa(RS256, input, signature, key);
                case "PS256" -> rsa(PS256, input, signature, key);
                case EDDSA -> ed25519(input, signature, key);
                default -> false;
            };
        } catch (JOSEException | GeneralSecurityException e) {
            return false;
        }
    }

    private static boolean ecdsa(JWSHeader header, byte[] input, byte[] signature, PublicKey key) throws JOSEException {
        return key instanceof ECPublicKey ecKey
                && new ECDSAVerifier(ecKey).verify(header, input, Base64URL.encode(signature));
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
