package dev.agentauth.internal.jose;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.Provider;
import java.util.Optional;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.conscrypt.OpenSSLProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** Whoever may do our ECDSA. Those with native code cannot be loaded on every machine, and what needs them is skipped there. */
public enum JcaProvider {
    PLATFORM,
    CORRETTO,
    CONSCRYPT,
    BOUNCY_CASTLE;

    private @Nullable Provider make() {
        return switch (this) {
            case PLATFORM -> null;
            case CORRETTO -> new AmazonCorrettoCryptoProvider();
            case CONSCRYPT -> new OpenSSLProvider();
            case BOUNCY_CASTLE -> new BouncyCastleProvider();
        };
    }

    /** One that can do it; null for the platform's choice. */
    public @Nullable Provider load() {
        try {
            Provider made = make();
            if (made != null && made.getService("Signature", "SHA256withECDSA") == null) {
                throw new UnsatisfiedLinkError("there is no native code in it for this machine");
            }
            return made;
        } catch (UnsatisfiedLinkError | ExceptionInInitializerError e) {
            String message = "SKIPPED: the JCA provider " + this + " cannot be loaded: " + e;
            System.err.println(message);
            return Assumptions.abort(message);
        }
    }

    public Signatures signatures() {
        return new Signatures(() -> Optional.ofNullable(load()));
    }

    public OwnJwts ownJwts() {
        return new OwnJwts(() -> Optional.ofNullable(load()));
    }
}
