package dev.agentauth.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.agentauth.internal.jose.JcaProvider;
import dev.agentauth.internal.jose.PlantedProvider;
import java.security.Provider;
import java.security.Security;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CryptoProviderTest {
    private static final String CORRETTO = "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";
    private static final String CONSCRYPT = "org.conscrypt.OpenSSLProvider";
    private static final String BOUNCY_CASTLE = "org.bouncycastle.jce.provider.BouncyCastleProvider";

    private final ClassLoader before = Thread.currentThread().getContextClassLoader();

    @AfterEach
    void restoreContext() {
        Thread.currentThread().setContextClassLoader(before);
    }

    @Test
    void correttoIsTheFastest() {
        Provider expected = JcaProvider.CORRETTO.load();

        CryptoProvider fastest = CryptoProvider.fastest();

        assertThat(fastest.provider().map(Provider::getName)).hasValue(expected.getName());
        assertThat(fastest.toString()).contains(expected.getName()).contains(expected.getVersionStr());
    }

    @Test
    void nextIsConscryptThenBouncyCastleThenThePlatform() {
        JcaProvider.CONSCRYPT.load();
        inPlaceOf(Map.of(CORRETTO, CannotBeMade.class));
        assertThat(CryptoProvider.fastest().provider().map(Provider::getName)).hasValue("Conscrypt");

        inPlaceOf(Map.of(CORRETTO, CannotBeMade.class, CONSCRYPT, CannotBeMade.class));
        assertThat(CryptoProvider.fastest().provider().map(Provider::getName)).hasValue("BC");

        inPlaceOf(
                Map.of(CORRETTO, CannotBeMade.class, CONSCRYPT, CannotBeMade.class, BOUNCY_CASTLE, CannotBeMade.class));
        assertThat(CryptoProvider.fastest().provider()).isEmpty();
    }

    @Test
    void whateverIsWrongWithOneItIsPassedOver() {
        for (Class<?> wrong : List.of(
                CannotBeMade.class,
                CannotBeInitialized.class,
                HasNothing.class,
                TakesEverything.class,
                NoProvider.class,
                NotPublic.class)) {
            inPlaceOf(Map.of(CORRETTO, wrong, CONSCRYPT, wrong, BOUNCY_CASTLE, wrong));

            assertThat(CryptoProvider.fastest().provider()).as("%s", wrong).isEmpty();
        }
    }

    @Test
    void choiceThatIsPutOffIsMadeOnceForAllWhoWait() throws Exception {
        AtomicInteger choices = new AtomicInteger();
        CountDownLatch goOn = new CountDownLatch(1);
        CryptoProvider lazy = CryptoProvider.lazily(() -> {
            choices.incrementAndGet();
            assertThatNoException().isThrownBy(goOn::await);
            return CryptoProvider.of(JcaProvider.BOUNCY_CASTLE.load());
        });
        assertThat(lazy.toString()).contains("not chosen yet");
        assertThat(choices).hasValue(0);

        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<Optional<Provider>>> answers = Stream.generate(() -> threads.submit(lazy::provider))
                    .limit(8)
                    .toList();
            goOn.countDown();
            for (Future<Optional<Provider>> answer : answers) {
                assertThat(answer.get().map(Provider::getName)).hasValue("BC");
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(choices).hasValue(1);
        assertThat(lazy.toString()).contains("BC");
    }

    @Test
    void choiceThatFailedIsMadeAgain() {
        AtomicInteger choices = new AtomicInteger();
        CryptoProvider lazy = CryptoProvider.lazily(() -> {
            if (choices.incrementAndGet() == 1) {
                throw new IllegalStateException("not yet");
            }
            return CryptoProvider.platform();
        });

        assertThatIllegalStateException().isThrownBy(lazy::provider);
        assertThat(lazy.provider()).isEmpty();
    }

    @Test
    void oneThatOnlyTheContextHasIsFound() {
        inPlaceOf(Map.of(CORRETTO, Sound.class));

        assertThat(CryptoProvider.fastest().provider().map(Provider::getName)).hasValue("Sound");
    }

    @Test
    void withoutAContextOurOwnClassLoaderIsAsked() {
        JcaProvider.CORRETTO.load();
        Thread.currentThread().setContextClassLoader(null);

        assertThat(CryptoProvider.fastest().provider()).isPresent();
    }

    @Test
    void theProvidersOfTheJvmStayAsTheyAre() {
        List<Provider> installed = List.of(Security.getProviders());

        CryptoProvider.fastest();
        CryptoProvider.of(new Sound());
        inPlaceOf(Map.of(CORRETTO, CannotBeMade.class));
        CryptoProvider.fastest();

        assertThat(Security.getProviders()).containsExactlyElementsOf(installed);
    }

    @Test
    void aGivenOneThatFailsIsRefusedByName() {
        for (Provider wrong : List.of(new HasNothing(), new TakesEverything())) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> CryptoProvider.of(wrong))
                    .withMessageContaining(wrong.getName());
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PLATFORM")
    void aGivenOneThatPassesIsUsed(JcaProvider given) {
        Provider provider = given.load();

        assertThat(CryptoProvider.of(provider).provider()).containsSame(provider);
    }

    @Test
    void thePlatformIsNoProvider() {
        assertThat(CryptoProvider.platform().provider()).isEmpty();
        assertThat(CryptoProvider.platform().toString()).contains("platform");
    }

    private void inPlaceOf(Map<String, Class<?>> planted) {
        Thread.currentThread().setContextClassLoader(new ClassLoader(before) {
            @Override
            public Class<?> loadClass(String name) throws ClassNotFoundException {
                Class<?> instead = planted.get(name);
                return instead == null ? super.loadClass(name) : instead;
            }
        });
    }

    public static final class Sound extends PlantedProvider {
        private static final long serialVersionUID = 1L;

        public Sound() {
            super("Sound");
        }
    }

    public static final class TakesEverything extends PlantedProvider {
        private static final long serialVersionUID = 1L;

        public TakesEverything() {
            super("Trusting", Keys::new, () -> new Signing() {
                @Override
                protected boolean engineVerify(byte[] signature) {
                    return true;
                }
            });
        }
    }

    public static final class HasNothing extends Provider {
        private static final long serialVersionUID = 1L;

        public HasNothing() {
            super("Nothing", "1.0", "");
        }
    }

    public static final class CannotBeMade extends Provider {
        private static final long serialVersionUID = 1L;

        public CannotBeMade() {
            super("Broken", "1.0", "");
            throw new UnsatisfiedLinkError("no native code");
        }
    }

    public static final class CannotBeInitialized extends Provider {
        private static final long serialVersionUID = 1L;
        private static final int NUMBER = Integer.parseInt("none");

        public CannotBeInitialized() {
            super("Broken", "1." + NUMBER, "");
        }
    }

    public static final class NoProvider {}

    static final class NotPublic extends PlantedProvider {
        private static final long serialVersionUID = 1L;

        public NotPublic() {
            super("Hidden");
        }
    }
}
