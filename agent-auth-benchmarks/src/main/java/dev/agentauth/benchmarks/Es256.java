package dev.agentauth.benchmarks;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import org.jspecify.annotations.Nullable;

/** Signatures as an assertion has them, and nothing else. */
public final class Es256 {
    private static final String ALGORITHM = "SHA256withECDSA";
    private static final int MESSAGE = 300;

    private final @Nullable Provider provider;
    private final KeyPair pair;
    private final byte[] message = new byte[MESSAGE];

    private Es256(@Nullable Provider provider, KeyPair pair) {
        this.provider = provider;
        this.pair = pair;
    }

    /** With a new key. */
    public static Es256 by(Crypto crypto) throws GeneralSecurityException {
        Provider provider = crypto.provider().orElse(null);
        KeyPairGenerator generator =
                provider == null ? KeyPairGenerator.getInstance("EC") : KeyPairGenerator.getInstance("EC", provider);
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return new Es256(provider, generator.generateKeyPair());
    }

    /** Signs as many bytes as an assertion has. */
    public byte[] sign() throws GeneralSecurityException {
        Signature signature = signature();
        signature.initSign(pair.getPrivate());
        signature.update(message);
        return signature.sign();
    }

    /** Verifies what was signed. */
    public boolean verify(byte[] signed) throws GeneralSecurityException {
        Signature signature = signature();
        signature.initVerify(pair.getPublic());
        signature.update(message);
        return signature.verify(signed);
    }

    private Signature signature() throws GeneralSecurityException {
        return provider == null ? Signature.getInstance(ALGORITHM) : Signature.getInstance(ALGORITHM, provider);
    }
}
