package dev.agentauth.keys;

import dev.agentauth.internal.jose.EcdsaSelfTest;
import dev.agentauth.internal.ports.Foreign;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.security.Provider;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which JCA provider makes and verifies ECDSA signatures (ES256, ES384). Nearly all that registering an agent costs is one
 * such signature, and the JDK's own are slow: how much faster others are is in the README. The JVM's list of providers is
 * neither read for this nor changed, so nothing else in the process sees what is chosen here.
 *
 * <p>A provider is used only if it passes a self-test: it has to verify known signatures, to refuse wrong ones, those with
 * numbers out of range included (CVE-2022-21449), and to sign. A key that the chosen provider cannot take, such as a
 * handle into a hardware module, is used by whichever installed provider can. RSA, Ed25519, hashes and random numbers stay
 * with the platform.
 *
 * <p>Immutable, and safe for use by many threads.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7518#section-3.4">RFC 7518, section 3.4</a>
 * @since 0.2.0
 */
public final class CryptoProvider {
    private static final System.Logger LOG = System.getLogger(CryptoProvider.class.getName());

    /** Fastest first. */
    private static final List<String> FAST = List.of(
            "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider",
            "org.conscrypt.OpenSSLProvider",
            "org.bouncycastle.jce.provider.BouncyCastleProvider");

    private final Supplier<CryptoProvider> choice;

    /** Written before {@link #isChosen}; null for the platform's choice. */
    private @Nullable Provider provider;

    private volatile boolean isChosen;

    private CryptoProvider(@Nullable Provider provider, Supplier<CryptoProvider> choice, boolean isChosen) {
        this.provider = provider;
        this.choice = choice;
        this.isChosen = isChosen;
    }

    private static CryptoProvider chosen(@Nullable Provider provider) {
        return new CryptoProvider(provider, CryptoProvider::platform, true);
    }

    /**
     * The fastest that is at hand: Amazon Corretto Crypto Provider, Conscrypt or BouncyCastle, in this order, if its classes
     * are found by the context class loader of this thread or by our own, and it passes the self-test; else the platform's.
     * One that is there and of no use, for want of its native library for example, is passed over with a warning in the
     * log. Loading one takes a fraction of a second.
     *
     * @return the best choice; never fails
     */
    public static CryptoProvider fastest() {
        for (String name : FAST) {
            Provider found = usable(name);
            if (found != null) {
                return chosen(found);
            }
        }
        return platform();
    }

    /**
     * Whichever installed provider the JCA chooses for each key.
     *
     * @return the platform's choice
     */
    public static CryptoProvider platform() {
        return chosen(null);
    }

    /**
     * This provider. It need not be installed.
     *
     * @param provider has the key factory {@code EC} and the signatures {@code SHA256withECDSA} and {@code SHA384withECDSA}
     * @return that one
     * @throws IllegalArgumentException naming the provider, if it fails the self-test
     */
    public static CryptoProvider of(Provider provider) {
        Objects.requireNonNull(provider);
        try {
            EcdsaSelfTest.run(provider);
            return chosen(provider);
        } catch (Throwable e) {
            Foreign.contain(e);
            throw new IllegalArgumentException(
                    "The JCA provider " + provider.getName() + " fails the self-test for ECDSA.", e);
        }
    }

    /**
     * A choice that is put off: to when something is first signed or verified, or {@link #provider} is called. A service starts
     * sooner by the fraction of a second that loading a provider takes, and says in the log who it is once it is known.
     *
     * @param choice called once, by whoever needs it first, for whom all others wait; what it throws is its caller's, and
     *     the next one tries again
     * @return a provider that is chosen later
     */
    public static CryptoProvider lazily(Supplier<CryptoProvider> choice) {
        return new CryptoProvider(null, Objects.requireNonNull(choice), false);
    }

    /**
     * The provider that was chosen; chooses, if that was put off.
     *
     * @return empty for the platform's choice
     */
    public Optional<Provider> provider() {
        if (!isChosen) {
            choose();
        }
        return Optional.ofNullable(provider);
    }

    private synchronized void choose() {
        if (!isChosen) {
            provider = choice.get().provider().orElse(null);
            isChosen = true;
            LOG.log(System.Logger.Level.INFO, "Chosen for ES256 and ES384: " + this + ".");
        }
    }

    /** Its name and version. */
    @Override
    public String toString() {
        if (!isChosen) {
            return "a JCA provider that is not chosen yet";
        }
        return provider == null
                ? "the platform's JCA providers"
                : "the JCA provider " + provider.getName() + " " + provider.getVersionStr();
    }

    private static @Nullable Provider usable(String name) {
        try {
            Class<?> type = find(name);
            if (type == null) {
                return null;
            }
            Provider made = (Provider) MethodHandles.publicLookup()
                    .findConstructor(type, MethodType.methodType(void.class))
                    .invoke();
            EcdsaSelfTest.run(made);
            return made;
        } catch (Throwable e) {
            // Native code that is missing or not for this machine shows itself in every possible way.
            Foreign.contain(e);
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The JCA provider " + name + " is there but cannot be used for ECDSA: " + Foreign.kinds(e));
            return null;
        }
    }

    private static @Nullable Class<?> find(String name) {
        List<ClassLoader> loaders = new ArrayList<>();
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        if (context != null) {
            loaders.add(context);
        }
        loaders.add(Objects.requireNonNull(CryptoProvider.class.getClassLoader()));
        for (ClassLoader loader : loaders) {
            try {
                return loader.loadClass(name);
            } catch (ClassNotFoundException e) {
                // Not there; the next one may have it.
            }
        }
        return null;
    }
}
