package dev.agentauth.internal.jose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.spi.SigningKey;
import java.math.BigInteger;
import java.security.InvalidKeyException;
import java.security.PrivateKey;
import java.security.Security;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECParameterSpec;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Keys that the chosen provider has not made: translated for it once, or left to whoever can use them. */
@ParameterizedClass
@EnumSource(JcaProvider.class)
class ForeignKeysTest {
    private static final String MODULE = "Hardware";

    private final JcaProvider provider;
    private final SigningKey inside = OwnKeySets.generate();
    private final AtomicInteger signedByModule = new AtomicInteger();

    ForeignKeysTest(JcaProvider provider) {
        this.provider = provider;
    }

    @BeforeEach
    void installModule() {
        Security.insertProviderAt(new PlantedProvider(MODULE, PlantedProvider.Keys::new, Module::new), 1);
    }

    @AfterEach
    void removeModule() {
        Security.removeProvider(MODULE);
    }

    @Test
    void opaqueHandleIsSignedWithByItsModule() {
        assertSignedByModule(Handle::new);
    }

    @Test
    void handleOfAnEcKeyWithoutItsNumberIsSignedWithByItsModule() {
        assertSignedByModule(() -> new EcHandle(() -> null));
    }

    @Test
    void handleThatThrowsWhenAskedForItsNumberIsSignedWithByItsModule() {
        assertSignedByModule(() -> new EcHandle(() -> {
            throw new UnsupportedOperationException("not extractable");
        }));
    }

    @Test
    void handleThatHidesBehindAnotherNumberIsSignedWithByItsModule() {
        assertSignedByModule(() -> new EcHandle(() -> BigInteger.ONE));
    }

    @Test
    void softwareKeyIsNotShownToTheModule() {
        assertThat(isGood(provider.ownJwts(), inside)).isTrue();
        assertThat(signedByModule).hasValue(0);
    }

    /** A new handle each time, as from a port that looks its key up at each call. */
    private void assertSignedByModule(Supplier<PrivateKey> handles) {
        OwnJwts ownJwts = provider.ownJwts();
        for (int i = 1; i <= 3; i++) {
            assertThat(isGood(ownJwts, new SigningKey(inside.verificationKey(), handles.get())))
                    .isTrue();
            assertThat(signedByModule).hasValue(i);
        }
    }

    @Test
    void afterRotatingEachKeySignsForItself() {
        OwnJwts ownJwts = provider.ownJwts();
        SigningKey next = OwnKeySets.generate();
        SigningKey handle = new SigningKey(inside.verificationKey(), new Handle());
        for (SigningKey key : new SigningKey[] {inside, next, handle, next, inside}) {
            assertThat(isGood(ownJwts, key)).isTrue();
        }
        // Under one id the handle stays with its module; what the number could do, the module can.
        assertThat(signedByModule).hasPositiveValue();
    }

    private boolean isGood(OwnJwts ownJwts, SigningKey key) {
        CompactJws jws = CompactJws.parse(ownJwts.sign(Map.of("sub", "r"), key)).orElseThrow();
        return new Signatures(Optional::empty)
                        .verify(jws, inside.verificationKey().publicKey())
                || new Signatures(Optional::empty)
                        .verify(jws, key.verificationKey().publicKey());
    }

    private class Handle implements PrivateKey {
        private static final long serialVersionUID = 1L;

        PrivateKey inside() {
            return inside.privateKey();
        }

        @Override
        public String getAlgorithm() {
            return "EC";
        }

        @Override
        public String getFormat() {
            return null;
        }

        @Override
        public byte[] getEncoded() {
            return null;
        }
    }

    private final class EcHandle extends Handle implements ECPrivateKey {
        private static final long serialVersionUID = 1L;

        private final transient Supplier<BigInteger> number;

        private EcHandle(Supplier<BigInteger> number) {
            this.number = number;
        }

        @Override
        public BigInteger getS() {
            return number.get();
        }

        @Override
        public ECParameterSpec getParams() {
            return inside.verificationKey().publicKey().getParams();
        }
    }

    /** Signs with what is behind its own handles. */
    private final class Module extends PlantedProvider.Signing {
        @Override
        protected void engineInitSign(PrivateKey key) throws InvalidKeyException {
            if (!(key instanceof Handle handle)) {
                throw new InvalidKeyException("not one of ours");
            }
            signedByModule.incrementAndGet();
            super.engineInitSign(handle.inside());
        }

        @Override
        protected void engineInitVerify(java.security.PublicKey key) throws InvalidKeyException {
            throw new InvalidKeyException("signs only");
        }
    }
}
