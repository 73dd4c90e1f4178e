package dev.agentauth.internal.jose;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.impl.ECDSA;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Whether a JCA provider can be trusted with ECDSA: it has to judge known signatures rightly, without the checks that we make
 * ourselves, and to sign with a key that another provider has made. About a dozen operations of the provider, and none of
 * the platform's slow ones, since every start waits for it. The vectors are those of RFC 6979, appendix A.2.
 */
public final class EcdsaSelfTest {
    private static final byte[] MESSAGE = "sample".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OTHER_MESSAGE = "Sample".getBytes(StandardCharsets.US_ASCII);

    private static final BigInteger P256_SECRET =
            number("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721");

    private static final KnownAnswer ES256 = new KnownAnswer(
            Ecdsa.Algorithm.ES256,
            number("60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"),
            number("7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"),
            number("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"),
            number("f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"));

    private static final KnownAnswer ES384 = new KnownAnswer(
            Ecdsa.Algorithm.ES384,
            number("ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64"
                    + "def8f0ea9055866064a254515480bc13"),
            number("8015d9b72d7d57244ea8ef9ac0c621896708a59367f9dfb9f54ca84b3f1c9db1"
                    + "288b231c3ae0d4fe7344fd2533264720"),
            number("94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c"
                    + "81a648152e44acf96e36dd1e80fabe46"),
            number("99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94f"
                    + "a329c145786e679e7b82c71a38628ac8"));

    private EcdsaSelfTest() {}

    /** The signature of the message by a known key. */
    private record KnownAnswer(Ecdsa.Algorithm algorithm, BigInteger x, BigInteger y, BigInteger r, BigInteger s) {

        ECParameterSpec parameters() {
            return algorithm.curve().toECParameterSpec();
        }

        BigInteger order() {
            return parameters().getOrder();
        }

        ECPublicKey publicKey() throws GeneralSecurityException {
            return (ECPublicKey)
                    KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(new ECPoint(x, y), parameters()));
        }
    }

    /**
     * Tries a provider.
     *
     * @throws GeneralSecurityException if it fails, in our words or its own; it may throw anything else as well
     */
    public static void run(Provider provider) throws GeneralSecurityException {
        Ecdsa ecdsa = Ecdsa.by(() -> Optional.of(provider));
        judges(ecdsa, ES256);
        judges(ecdsa, ES384);
        signs(ecdsa);
    }

    private static void judges(Ecdsa ecdsa, KnownAnswer known) throws GeneralSecurityException {
        PublicKey key = ecdsa.translated(known.publicKey(), PublicKey.class);
        BigInteger r = known.r();
        BigInteger s = known.s();
        BigInteger n = known.order();
        BigInteger zero = BigInteger.ZERO;
        require(isGood(ecdsa, known, MESSAGE, key, r, s), "refuses a good signature");
        require(!isGood(ecdsa, known, OTHER_MESSAGE, key, r, s), "takes the signature of another message");
        require(!isGood(ecdsa, known, MESSAGE, key, r.flipBit(0), s), "takes a signature with a wrong bit");
        require(!isGood(ecdsa, known, MESSAGE, key, r, s.flipBit(0)), "takes a signature with a wrong bit");
        for (BigInteger never : new BigInteger[] {zero, n}) {
            require(!isGood(ecdsa, known, MESSAGE, key, never, never), "takes r and s out of range");
            require(!isGood(ecdsa, known, MESSAGE, key, never, s), "takes r out of range");
            require(!isGood(ecdsa, known, MESSAGE, key, r, never), "takes s out of range");
        }
    }

    private static boolean isGood(
            Ecdsa ecdsa, KnownAnswer known, byte[] message, PublicKey key, BigInteger r, BigInteger s)
            throws GeneralSecurityException {
        try {
            return ecdsa.verify(known.algorithm(), message, der(r, s), key);
        } catch (SignatureException e) {
            return false;
        }
    }

    private static void signs(Ecdsa ecdsa) throws GeneralSecurityException {
        PrivateKey made =
                KeyFactory.getInstance("EC").generatePrivate(new ECPrivateKeySpec(P256_SECRET, ES256.parameters()));
        byte[] signed = ecdsa.sign(Ecdsa.Algorithm.ES256, OTHER_MESSAGE, ecdsa.translated(made, PrivateKey.class));
        PublicKey publicKey = ecdsa.translated(ES256.publicKey(), PublicKey.class);
        require(
                isInRange(signed) && ecdsa.verify(Ecdsa.Algorithm.ES256, OTHER_MESSAGE, signed, publicKey),
                "does not verify what it signs");
    }

    private static boolean isInRange(byte[] der) {
        try {
            ECDSA.ensureLegalSignature(
                    ECDSA.transcodeSignatureToConcat(der, OwnJwts.SIGNATURE_OCTETS), Ecdsa.Algorithm.ES256.jwsName());
            return true;
        } catch (JOSEException e) {
            return false;
        }
    }

    /** Two INTEGERs in a SEQUENCE. All of it is shorter than 128 octets. */
    private static byte[] der(BigInteger r, BigInteger s) {
        byte[] first = r.toByteArray();
        byte[] second = s.toByteArray();
        byte[] der = new byte[2 + 2 + first.length + 2 + second.length];
        der[0] = 0x30;
        der[1] = (byte) (der.length - 2);
        integer(der, 2, first);
        integer(der, 2 + 2 + first.length, second);
        return der;
    }

    private static void integer(byte[] der, int at, byte[] octets) {
        der[at] = 0x02;
        der[at + 1] = (byte) octets.length;
        System.arraycopy(octets, 0, der, at + 2, octets.length);
    }

    private static void require(boolean right, String otherwise) throws GeneralSecurityException {
        if (!right) {
            throw new GeneralSecurityException(otherwise);
        }
    }

    private static BigInteger number(String hex) {
        return new BigInteger(1, HexFormat.of().parseHex(hex));
    }
}
