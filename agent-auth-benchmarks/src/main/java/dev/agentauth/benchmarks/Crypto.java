package dev.agentauth.benchmarks;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import dev.agentauth.keys.CryptoProvider;
import java.security.Provider;
import java.util.Locale;
import java.util.Optional;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/** Who signs and verifies. */
public enum Crypto {
    /** What the JDK has. */
    JDK,
    /** Amazon Corretto Crypto Provider. */
    ACCP,
    /** Bouncy Castle. */
    BC;

    /** By its name, in any case. */
    public static Crypto of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    /** What the service is told. */
    public CryptoProvider choice() {
        return provider().map(CryptoProvider::of).orElseGet(CryptoProvider::platform);
    }

    /** The provider; empty for the JDK's own. */
    public Optional<Provider> provider() {
        return switch (this) {
            case JDK -> Optional.empty();
            case ACCP -> Optional.of(AmazonCorrettoCryptoProvider.INSTANCE);
            case BC -> Optional.of(new BouncyCastleProvider());
        };
    }
}
