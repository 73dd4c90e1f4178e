package dev.agentauth.internal.jose;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@EnumSource(JcaProvider.class)
class SignaturesTest {
    private static final Map<String, TestKey> KEYS = Map.of(
            "ES256", TestKey.p256(),
            "ES384", TestKey.p384(),
            "RS256", TestKey.rsa(2048),
            "PS256", TestKey.rsa(2048),
            "EdDSA", TestKey.ed25519());

    private final Signatures signatures;

    SignaturesTest(JcaProvider provider) {
        this.signatures = provider.signatures();
    }

    static Stream<String> algorithms() {
        return KEYS.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("algorithms")
    void goodSignatureVerifies(String algorithm) {
        assertThat(signatures.verify(token(algorithm, algorithm), key(algorithm).publicKey()))
                .isTrue();
    }

    /** Two names of one algorithm (RFC 9864). */
    private static boolean isSame(String named, String other) {
        return named.equals(other) || List.of("EdDSA", "Ed25519").containsAll(List.of(named, other));
    }

    @ParameterizedTest
    @MethodSource("algorithms")
    void everyOtherKeyOrAlgorithmFails(String signedWith) {
        for (String named : List.of("ES256", "ES384", "RS256", "PS256", "EdDSA", "RS512", "ES512", "Ed25519")) {
            for (TestKey key : KEYS.values()) {
                if (!isSame(named, signedWith) || key != key(signedWith)) {
                    CompactForm.parse(key(signedWith).sign(signedWith, header(named), "{}"))
                            .ifPresent(form -> assertThat(signatures.verify(form, key.publicKey()))
                                    .as("%s signed, %s named", signedWith, named)
                                    .isFalse());
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("algorithms")
    void signatureOfOtherClaimsFails(String algorithm) {
        String[] one =
                key(algorithm).sign(algorithm, header(algorithm), "{\"a\":1}").split("\\.", -1);
        String[] other =
                key(algorithm).sign(algorithm, header(algorithm), "{\"a\":2}").split("\\.", -1);
        CompactJws mixed =
                CompactJws.parse(one[0] + "." + one[1] + "." + other[2]).orElseThrow();

        assertThat(signatures.verify(mixed, key(algorithm).publicKey())).isFalse();
    }

    @ParameterizedTest
    @MethodSource("algorithms")
    void signatureOfZerosOrOfAnotherLengthFails(String algorithm) {
        byte[] input = {1, 2, 3};
        for (int length : new int[] {0, 1, 63, 64, 65, 96, 128, 256, 257, 4096}) {
            assertThat(signatures.verify(
                            algorithm, input, new byte[length], key(algorithm).publicKey()))
                    .as("%d octets", length)
                    .isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "NONE", ""})
    void T06_noSignatureAtAllFails(String algorithm) {
        for (TestKey key : KEYS.values()) {
            assertThat(signatures.verify(algorithm, new byte[0], new byte[0], key.publicKey()))
                    .isFalse();
        }
    }

    @Test
    void T06_hmacWithThePublicKeyAsSecretFails() throws Exception {
        byte[] input = (Base64Url.encode(header("HS256").getBytes(StandardCharsets.UTF_8)) + ".e30")
                .getBytes(StandardCharsets.US_ASCII);
        for (TestKey key : KEYS.values()) {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.publicKey().getEncoded(), "HmacSHA256"));

            assertThat(signatures.verify("HS256", input, mac.doFinal(input), key.publicKey()))
                    .isFalse();
        }
    }

    /** r and s are in 1..n-1, whatever a provider would say of them (CVE-2022-21449). */
    @ParameterizedTest
    @ValueSource(strings = {"ES256", "ES384"})
    void numbersOutOfRangeFail(String algorithm) {
        byte[] input = {1, 2, 3};
        TestKey key = key(algorithm);
        BigInteger order = ((ECPublicKey) key.publicKey()).getParams().getOrder();
        byte[] good = key.signature(algorithm, input);
        assertThat(signatures.verify(algorithm, input, good, key.publicKey())).isTrue();

        int half = good.length / 2;
        for (BigInteger never : List.of(BigInteger.ZERO, order, order.add(BigInteger.ONE))) {
            byte[] number = octets(never, half);
            byte[] withR = good.clone();
            System.arraycopy(number, 0, withR, 0, half);
            byte[] withS = good.clone();
            System.arraycopy(number, 0, withS, half, half);
            byte[] withBoth = withR.clone();
            System.arraycopy(number, 0, withBoth, half, half);
            for (byte[] bad : List.of(withR, withS, withBoth)) {
                assertThat(signatures.verify(algorithm, input, bad, key.publicKey()))
                        .as("%s", never)
                        .isFalse();
            }
        }
    }

    @Test
    void keyBesideItsCurveFails() {
        ECPublicKey key = (ECPublicKey) key("ES256").publicKey();
        ECPoint beside =
                new ECPoint(key.getW().getAffineX(), key.getW().getAffineY().add(BigInteger.ONE));
        byte[] input = {1, 2, 3};

        assertThat(signatures.verify("ES256", input, key("ES256").signature("ES256", input), new BareKey(key, beside)))
                .isFalse();
        assertThat(signatures.verify(
                        "ES256", input, key("ES256").signature("ES256", input), new BareKey(key, key.getW())))
                .isTrue();
    }

    /** A key that another library may have made. */
    private record BareKey(ECPublicKey model, ECPoint point) implements ECPublicKey {
        private static final long serialVersionUID = 1L;

        @Override
        public ECPoint getW() {
            return point;
        }

        @Override
        public ECParameterSpec getParams() {
            return model.getParams();
        }

        @Override
        public String getAlgorithm() {
            return "EC";
        }

        @Override
        public String getFormat() {
            return model.getFormat();
        }

        @Override
        public byte[] getEncoded() {
            return model.getEncoded();
        }
    }

    private static byte[] octets(BigInteger number, int length) {
        byte[] octets = new byte[length];
        byte[] all = number.toByteArray();
        int from = Math.max(0, all.length - length);
        System.arraycopy(all, from, octets, length - (all.length - from), all.length - from);
        return octets;
    }

    private static CompactJws token(String signedWith, String named) {
        return CompactJws.parse(key(signedWith).sign(signedWith, header(named), "{\"sub\":\"s\"}"))
                .orElseThrow();
    }

    private static String header(String algorithm) {
        return "{\"alg\":\"" + algorithm + "\"}";
    }

    private static TestKey key(String algorithm) {
        return Objects.requireNonNull(KEYS.get(algorithm));
    }
}
