package dev.agentauth.internal.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.Provider;
import java.security.SignatureException;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class EcdsaSelfTestTest {
    private static final BigInteger N =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PLATFORM")
    void theThreeThatAreLookedForPass(JcaProvider provider) {
        Provider loaded = provider.load();

        assertThatCode(() -> EcdsaSelfTest.run(loaded)).doesNotThrowAnyException();
    }

    @Test
    void thePlatformPassesBehindAPlantedProviderThatChangesNothing() {
        assertThatCode(() -> EcdsaSelfTest.run(new PlantedProvider("Sound"))).doesNotThrowAnyException();
    }

    static Stream<Arguments> broken() {
        return Stream.of(
                signing("takes everything", "another message", () -> new Always(true)),
                signing("takes nothing", "refuses a good", () -> new Always(false)),
                signing("takes zeros (CVE-2022-21449)", "out of range", () -> new Takes(BigInteger.ZERO)),
                signing("takes the order of the curve", "out of range", () -> new Takes(N)),
                signing("looks at the message alone", "wrong bit", LooksAtTheMessageAlone::new),
                signing("signs rubbish", "what it signs", SignsRubbish::new),
                signing("signs always the same", "what it signs", SignsZeros::new),
                signing("throws where it should verify", "UnsatisfiedLinkError", ThrowsErrors::new),
                keys("takes no keys", "InvalidKeyException", RefusesKeys::new),
                keys("makes no keys", "null", () -> new PlantedProvider.Keys() {
                    @Override
                    protected Key engineTranslateKey(Key key) {
                        return null;
                    }
                }));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void aBrokenOneFails(String saying, PlantedProvider broken) {
        assertThatThrownBy(() -> EcdsaSelfTest.run(broken))
                .satisfies(e -> assertThat(e.toString() + e.getMessage()).containsIgnoringCase(saying));
    }

    @Test
    void oneWithoutES384Fails() {
        PlantedProvider half = new PlantedProvider("Half");
        half.removeSha384();

        assertThatThrownBy(() -> EcdsaSelfTest.run(half)).hasMessageContaining("SHA384withECDSA");
    }

    private static Arguments signing(String name, String saying, Supplier<PlantedProvider.Signing> signing) {
        return argumentSet(name, saying, new PlantedProvider("Planted", PlantedProvider.Keys::new, signing));
    }

    private static Arguments keys(String name, String saying, Supplier<PlantedProvider.Keys> keys) {
        return argumentSet(name, saying, new PlantedProvider("Planted", keys, PlantedProvider.Signing::new));
    }

    private static final class Always extends PlantedProvider.Signing {
        private final boolean verdict;

        private Always(boolean verdict) {
            this.verdict = verdict;
        }

        @Override
        protected boolean engineVerify(byte[] signature) {
            return verdict;
        }
    }

    /** Judges rightly, but for signatures that have this number in the place of r. */
    private static final class Takes extends PlantedProvider.Signing {
        private final BigInteger number;

        private Takes(BigInteger number) {
            this.number = number;
        }

        @Override
        protected boolean engineVerify(byte[] signature) throws SignatureException {
            BigInteger r = new BigInteger(Arrays.copyOfRange(signature, 4, 4 + signature[3]));
            return r.equals(number) || super.engineVerify(signature);
        }
    }

    /** Takes whatever stands behind the message that is known to be signed. */
    private static final class LooksAtTheMessageAlone extends PlantedProvider.Signing {
        private String message = "";

        @Override
        protected void engineUpdate(byte[] octets, int from, int length) {
            message += new String(octets, from, length, StandardCharsets.US_ASCII);
        }

        @Override
        protected boolean engineVerify(byte[] signature) {
            return message.equals("sample");
        }
    }

    private static final class SignsRubbish extends PlantedProvider.Signing {
        @Override
        protected byte[] engineSign() throws SignatureException {
            byte[] signed = super.engineSign();
            signed[signed.length - 1] ^= 1;
            return signed;
        }
    }

    private static final class SignsZeros extends PlantedProvider.Signing {
        @Override
        protected byte[] engineSign() {
            return new byte[] {0x30, 6, 2, 1, 0, 2, 1, 0};
        }
    }

    private static final class ThrowsErrors extends PlantedProvider.Signing {
        @Override
        protected boolean engineVerify(byte[] signature) {
            throw new UnsatisfiedLinkError("verify");
        }
    }

    private static final class RefusesKeys extends PlantedProvider.Keys {
        @Override
        protected Key engineTranslateKey(Key key) throws InvalidKeyException {
            throw new InvalidKeyException("no");
        }
    }
}
