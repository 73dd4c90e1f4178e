package dev.agentauth.internal.jose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.spi.SigningKey;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A provider is shown each key once, whether it takes it or not: translating costs as much as signing. */
class TranslatedKeysTest {
    private final AtomicInteger translations = new AtomicInteger();
    private final AtomicInteger uses = new AtomicInteger();
    private final SigningKey key = OwnKeySets.generate();
    private boolean takesKeys = true;

    private final PlantedProvider provider =
            new PlantedProvider("Counting", CountingKeys::new, CountingSignatures::new);
    private final OwnJwts ownJwts = new OwnJwts(() -> Optional.ofNullable(provider));
    private final Signatures signatures = new Signatures(() -> Optional.ofNullable(provider));

    @Test
    void privateKeyIsTranslatedOnce() {
        signTwenty();

        assertThat(translations).as("both halves of it").hasValue(2);
        assertThat(uses).as("with a probe, which is verified").hasValue(20 + 2);
    }

    @Test
    void eachKeyIsTranslatedForItself() {
        ownJwts.sign(Map.of(), key);
        ownJwts.sign(Map.of(), OwnKeySets.generate());

        assertThat(translations).hasValue(4);
    }

    @Test
    void privateKeyThatIsRefusedIsSignedWithByThePlatformAndNotShownAgain() {
        takesKeys = false;
        signTwenty();

        assertThat(translations).hasValue(1);
        assertThat(uses).hasValue(0);
    }

    @Test
    void publicKeyIsTranslatedOnce() {
        verifyTwenty();

        assertThat(translations).hasValue(1);
        assertThat(uses).hasValue(20);
    }

    @Test
    void publicKeyThatIsRefusedIsVerifiedWithByThePlatformAndNotShownAgain() {
        takesKeys = false;
        verifyTwenty();

        assertThat(translations).hasValue(1);
        assertThat(uses).hasValue(0);
    }

    private void signTwenty() {
        for (int i = 0; i < 20; i++) {
            CompactJws jws = CompactJws.parse(ownJwts.sign(Map.of("i", i), key)).orElseThrow();
            assertThat(new Signatures(Optional::empty)
                            .verify(jws, key.verificationKey().publicKey()))
                    .isTrue();
        }
    }

    private void verifyTwenty() {
        CompactJws jws = CompactJws.parse(new OwnJwts(Optional::empty).sign(Map.of(), key))
                .orElseThrow();
        for (int i = 0; i < 20; i++) {
            assertThat(signatures.verify(jws, key.verificationKey().publicKey()))
                    .isTrue();
        }
    }

    private final class CountingKeys extends PlantedProvider.Keys {
        @Override
        protected Key engineTranslateKey(Key key) throws InvalidKeyException {
            translations.incrementAndGet();
            if (!takesKeys) {
                throw new InvalidKeyException("no");
            }
            return key;
        }
    }

    private final class CountingSignatures extends PlantedProvider.Signing {
        @Override
        protected void engineInitSign(PrivateKey key) throws InvalidKeyException {
            uses.incrementAndGet();
            super.engineInitSign(key);
        }

        @Override
        protected void engineInitVerify(PublicKey key) throws InvalidKeyException {
            uses.incrementAndGet();
            super.engineInitVerify(key);
        }
    }
}
