package dev.agentauth.benchmarks;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.Provider;
import java.security.Security;
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

    /** Makes this the one that is asked first in this process. */
    public void install() {
        provider().ifPresent(provider -> Security.insertProviderAt(provider, 1));
    }

    /** The provider; empty for the JDK's own. */
    public Optional<Provider> provider() {
        return switch (this) {
            case JDK -> Optional.empty();
            case ACCP -> Optional.of(AmazonCorrettoCryptoProvider.INSTANCE);
            case BC -> Optional.of(new BouncyCastleProvider());
        };
    }

    /** Whether it works on this machine. */
    public boolean isHere() {
        return this != ACCP || AmazonCorrettoCryptoProvider.INSTANCE.getLoadingError() == null;
    }
}
