package dev.agentauth.internal.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.agentauth.internal.json.Json;
import dev.agentauth.internal.json.JsonFormatException;
import dev.agentauth.spi.ProviderKey;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JwkSetsTest {
    /** Made for this test: each prime is k * M + (65537^a mod M) with the product M of the first 126 primes. */
    private static final BigInteger ROCA_MODULUS = new BigInteger(
            "d82d21c598555d52d299c249bfb66d4f16c96aaa71af9a601c7947b04c727fbc9ba6c4e414555e3ee255f839875dc849"
                    + "9134b9bb96a9960b4e6619a0b4ee3347e59ec4da19dec90fe05fc88248cc15dc90fd95dc582fc7eb83a43e46c1566186"
                    + "48e5ec1e88cc2fd9d69b19b92972e2cd29c374a1e303c1b21548639d0ccb5eb5857161ba04307a00d3a3f2ae61ade90a"
                    + "80e15b5dd69945534e4749a254530f850d7ab0a6cec95cc11c9ed0419bb8dca2e404bdffbe9fe8c31a48e693d2ffa037"
                    + "0db5625fd4a52f6f107da80495403bbbd43bab63b9b6206af37bc8b09094f653ee22e8bced4c64debe0c4fbb1800af8e"
                    + "57d1ac3c778cd62ac75c43cb61ae2cc5",
            16);

    private static final TestKey P256 = TestKey.p256();
    private static final TestKey P384 = TestKey.p384();
    private static final TestKey RSA = TestKey.rsa(2048);
    private static final TestKey ED25519 = TestKey.ed25519();

    static Stream<Arguments> keyTypes() {
        return Stream.of(
                Arguments.of(P256, Set.of("ES256")),
                Arguments.of(P384, Set.of("ES384")),
                Arguments.of(RSA, Set.of("RS256", "PS256")),
                Arguments.of(ED25519, Set.of("EdDSA")));
    }

    @ParameterizedTest
    @MethodSource("keyTypes")
    void keyWithoutAlgMayDoWhatItsTypeCan(TestKey key, Set<String> algorithms) throws Exception {
        List<ProviderKey> keys = parse(jwk(key));

        assertThat(keys).hasSize(1);
        assertThat(keys.get(0).keyId()).isEqualTo("k");
        assertThat(keys.get(0).publicKey()).isEqualTo(key.publicKey());
        assertThat(keys.get(0).algorithms()).isEqualTo(algorithms);
    }

    @ParameterizedTest
    @MethodSource("keyTypes")
    void algOfTheKeyLeavesThatOneAlone(TestKey key, Set<String> algorithms) throws Exception {
        for (String algorithm :
                Set.of("ES256", "ES384", "RS256", "PS256", "EdDSA", "RS384", "ES521", "none", "HS256")) {
            Map<String, Object> jwk = jwk(key);
            jwk.put("alg", algorithm);

            if (algorithms.contains(algorithm)) {
                assertThat(parse(jwk)).extracting(ProviderKey::algorithms).containsExactly(Set.of(algorithm));
            } else {
                assertThat(parse(jwk)).as(algorithm).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("keyTypes")
    void useAndKeyOpsForSignaturesAreTaken(TestKey key) throws Exception {
        assertThat(parse(changed(key, jwk -> jwk.put("use", "sig")))).hasSize(1);
        assertThat(parse(changed(key, jwk -> jwk.put("key_ops", List.of("verify")))))
                .hasSize(1);
        assertThat(parse(changed(key, jwk -> jwk.put("key_ops", List.of("encrypt", "verify")))))
                .hasSize(1);
    }

    static Stream<Arguments> T12_unusable() {
        BigInteger modulus = ((RSAPublicKey) RSA.publicKey()).getModulus();
        String tooLarge =
                Base64Url.encode(BigInteger.ONE.shiftLeft(8192).setBit(0).toByteArray());
        byte[] notOnCurve = new byte[32];
        Arrays.fill(notOnCurve, (byte) 0xff);
        return Stream.of(
                unusable("no kid", P256, jwk -> jwk.remove("kid")),
                unusable("empty kid", P256, jwk -> jwk.put("kid", "")),
                unusable("kid is a number", P256, jwk -> jwk.put("kid", 1)),
                unusable("kid with U+0000", P256, jwk -> jwk.put("kid", "k\u0000")),
                unusable("no kty", P256, jwk -> jwk.remove("kty")),
                unusable("unknown kty", P256, jwk -> jwk.put("kty", "XYZ")),
                unusable("wrong kty", P256, jwk -> jwk.put("kty", "RSA")),
                unusable("for encryption", P256, jwk -> jwk.put("use", "enc")),
                unusable("use is null", P256, jwk -> jwk.put("use", null)),
                unusable("only signs", P256, jwk -> jwk.put("key_ops", List.of("sign"))),
                unusable("no operation", P256, jwk -> jwk.put("key_ops", List.of())),
                unusable("alg is a number", P256, jwk -> jwk.put("alg", 256)),
                unusable("private EC key", P256, jwk -> jwk.put("d", "AQ")),
                unusable("private RSA key", RSA, jwk -> jwk.put("d", "AQ")),
                unusable("RSA key with one prime", RSA, jwk -> jwk.put("p", "AQ")),
                unusable("private Ed25519 key", ED25519, jwk -> jwk.put("d", Base64Url.encode(new byte[32]))),
                unusable("symmetric key", P256, jwk -> {
                    jwk.clear();
                    jwk.putAll(Map.of("kty", "oct", "k", Base64Url.encode(new byte[32]), "kid", "k"));
                }),
                unusable("another curve named", P256, jwk -> jwk.put("crv", "P-384")),
                unusable("curve that we do not use", P256, jwk -> jwk.put("crv", "P-521")),
                unusable("secp256k1", P256, jwk -> jwk.put("crv", "secp256k1")),
                unusable("point not on the curve", P256, jwk -> jwk.put("y", jwk.get("x"))),
                unusable("point at the origin", P256, jwk -> {
                    jwk.put("x", Base64Url.encode(new byte[32]));
                    jwk.put("y", Base64Url.encode(new byte[32]));
                }),
                unusable("coordinate beyond the field", P256, jwk -> jwk.put("x", Base64Url.encode(notOnCurve))),
                unusable("P-384 point not on the curve", P384, jwk -> jwk.put("y", jwk.get("x"))),
                unusable("no y", P256, jwk -> jwk.remove("y")),
                unusable("x is padded", P256, jwk -> jwk.put("x", jwk.get("x") + "=")),
                unusable(
                        "RSA of 2047 bits",
                        RSA,
                        jwk -> jwk.put("n", number(modulus.clearBit(2047).setBit(2046)))),
                unusable("RSA beyond 8192 bits", RSA, jwk -> jwk.put("n", tooLarge)),
                unusable("exponent 1", RSA, jwk -> jwk.put("e", "AQ")),
                unusable("exponent 2", RSA, jwk -> jwk.put("e", "Ag")),
                unusable("even exponent", RSA, jwk -> jwk.put("e", number(BigInteger.valueOf(65538)))),
                unusable(
                        "F26: exponent of 33 bits",
                        RSA,
                        jwk -> jwk.put("e", number(BigInteger.ONE.shiftLeft(32).setBit(0)))),
                unusable("modulus from the flawed generator of ROCA", RSA, jwk -> jwk.put("n", number(ROCA_MODULUS))),
                unusable("no modulus", RSA, jwk -> jwk.remove("n")),
                unusable("Ed448", ED25519, jwk -> jwk.put("crv", "Ed448")),
                unusable("X25519", ED25519, jwk -> jwk.put("crv", "X25519")),
                unusable("Ed25519 of 31 octets", ED25519, jwk -> jwk.put("x", Base64Url.encode(new byte[31]))),
                unusable("Ed25519 of 33 octets", ED25519, jwk -> jwk.put("x", Base64Url.encode(new byte[33]))),
                unusable("Ed25519 not on the curve", ED25519, jwk -> jwk.put("x", Base64Url.encode(notOnCurve))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("T12_unusable")
    void T12_keyThatMayNotVerifyIsLeftOutAndItsNeighboursStay(String name, Map<String, Object> jwk) throws Exception {
        Map<String, Object> neighbour = jwk(P384);
        neighbour.put("kid", "neighbour");

        assertThat(parse(List.of(jwk, neighbour)))
                .extracting(ProviderKey::keyId)
                .containsExactly("neighbour");
    }

    @Test
    void F26_exponentOf32BitsIsTaken() throws Exception {
        BigInteger longest = BigInteger.ONE.shiftLeft(32).subtract(BigInteger.ONE);

        assertThat(parse(changed(RSA, jwk -> jwk.put("e", number(longest))))).hasSize(1);
    }

    @Test
    void F26_setOf100KeysIsTakenAndOneMoreIsNot() throws Exception {
        List<Map<String, Object>> keys = new ArrayList<>(Collections.nCopies(99, Map.of("kty", "oct")));
        keys.add(jwk(P256));
        assertThat(parse(keys)).hasSize(1);

        keys.add(0, jwk(P384));
        assertThatExceptionOfType(JsonFormatException.class).isThrownBy(() -> parse(keys));
    }

    @Test
    void exponent3AndModulusOfExactly2048BitsAreTaken() throws Exception {
        assertThat(((RSAPublicKey) RSA.publicKey()).getModulus().bitLength()).isEqualTo(2048);
        assertThat(parse(changed(RSA, jwk -> jwk.put("e", "Aw")))).hasSize(1);
    }

    @Test
    void T12_twinKeyIdsAreBothReturned() throws Exception {
        assertThat(parse(List.of(jwk(P256), jwk(RSA), jwk(TestKey.p256())))).hasSize(3);
    }

    @Test
    void membersThatAreNotObjectsAndUnknownMembersAreSkipped() throws Exception {
        Map<String, Object> jwk = changed(P256, key -> key.putAll(Map.of("x5c", List.of("no certificate"), "foo", 1)));

        assertThat(JwkSets.parse(Json.write(Map.of("keys", List.of(1, "a", List.of(), jwk))))
                        .usable())
                .hasSize(1);
    }

    @Test
    void emptySetHasNoKeys() throws Exception {
        assertThat(parse(List.of())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"keys\":null}",
                "{\"keys\":{}}",
                "{\"keys\":[]",
                "{\"keys\":[],\"keys\":[]}",
                "<html>",
                "{\"keys\":[{\"kid\":\"a\",\"kid\":\"b\"}]}"
            })
    void documentThatIsNoJwkSetIsRefused(String document) {
        assertThatExceptionOfType(JsonFormatException.class)
                .isThrownBy(() -> JwkSets.parse(document.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void soundRsaKeysAreNotTakenForRocaKeys() {
        for (int i = 0; i < 5; i++) {
            assertThat(RocaWeakness.affects(((RSAPublicKey) TestKey.rsa(1024).publicKey()).getModulus()))
                    .isFalse();
        }
    }

    @Test
    void productOfPrimesFromTheFlawedGeneratorIsRecognized() {
        // Modulo every small prime the flawed generator's numbers are powers of 65537, as powers themselves are.
        BigInteger power = BigInteger.valueOf(65537).pow(123);

        assertThat(RocaWeakness.affects(power)).isTrue();
        assertThat(RocaWeakness.affects(power.add(BigInteger.TWO))).isFalse();
    }

    @Test
    void modulusWhosePrimesComeFromTheFlawedGeneratorIsRecognized() {
        assertThat(ROCA_MODULUS.bitLength()).isEqualTo(2048);
        assertThat(RocaWeakness.affects(ROCA_MODULUS)).isTrue();
        assertThat(RocaWeakness.affects(ROCA_MODULUS.add(BigInteger.TWO))).isFalse();
    }

    private static Arguments unusable(String name, TestKey key, Consumer<Map<String, Object>> change) {
        return Arguments.of(name, changed(key, change));
    }

    private static Map<String, Object> changed(TestKey key, Consumer<Map<String, Object>> change) {
        Map<String, Object> jwk = jwk(key);
        change.accept(jwk);
        return jwk;
    }

    private static Map<String, Object> jwk(TestKey key) {
        Map<String, Object> jwk = key.jwk();
        jwk.put("kid", "k");
        return jwk;
    }

    private static String number(BigInteger number) {
        return Base64Url.encode(number.toByteArray());
    }

    private static List<ProviderKey> parse(Map<String, Object> jwk) throws JsonFormatException {
        return parse(List.of(jwk));
    }

    private static List<ProviderKey> parse(List<Map<String, Object>> jwks) throws JsonFormatException {
        return JwkSets.parse(Json.write(Map.of("keys", jwks))).usable();
    }
}
