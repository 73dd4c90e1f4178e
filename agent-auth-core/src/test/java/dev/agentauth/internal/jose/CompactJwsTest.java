package dev.agentauth.internal.jose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.spi.SigningKey;
import dev.agentauth.spi.VerificationKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompactJwsTest {
    private static final String HEADER = "{\"alg\":\"ES256\",\"kid\":\"k\",\"typ\":\"t\"}";
    private static final List<String> DIGITS_AND_OTHERS =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \u00e9"
                    .chars()
                    .mapToObj(Character::toString)
                    .toList();
    private static final TestKey KEY = TestKey.p256();

    private static final Signatures SIGNATURES = new Signatures(Optional::empty);
    private static final OwnJwts OWN_JWTS = new OwnJwts(Optional::empty);

    @Test
    void parseValidTokenGivesHeaderAndClaims() throws Exception {
        CompactJws jws =
                CompactJws.parse(KEY.sign("ES256", HEADER, "{\"sub\":\"s\"}")).orElseThrow();

        assertThat(jws.alg()).hasValue("ES256");
        assertThat(jws.kid()).hasValue("k");
        assertThat(jws.typ()).hasValue("t");
        assertThat(jws.header().has("crit")).isFalse();
        assertThat(jws.claims().string("sub")).hasValue("s");
        assertThat(SIGNATURES.verify(jws, KEY.publicKey())).isTrue();
    }

    @Test
    void headerMemberThatIsNoStringCountsAsAbsent() {
        CompactJws jws = CompactJws.parse(KEY.sign("ES256", "{\"alg\":1,\"kid\":null,\"typ\":[\"t\"]}", "{}"))
                .orElseThrow();

        assertThat(jws.alg()).isEmpty();
        assertThat(jws.kid()).isEmpty();
        assertThat(jws.typ()).isEmpty();
    }

    @Test
    void T34_everyOneCharacterEditInsertionAndDeletionIsRefused() {
        SigningKey generated = OwnKeySets.generate();
        // A short token, since each of its characters costs a hundred verifications.
        SigningKey key = new SigningKey(
                new VerificationKey("k", generated.verificationKey().publicKey()), generated.privateKey());
        String valid = OWN_JWTS.sign(Map.of("sub", "r"), key);
        assertThat(isGood(valid, key)).isTrue();

        List<String> changed = new ArrayList<>();
        for (int i = 0; i <= valid.length(); i++) {
            String before = valid.substring(0, i);
            String after = valid.substring(i);
            for (String c : DIGITS_AND_OTHERS) {
                changed.add(before + c + after);
                if (!after.isEmpty()) {
                    changed.add(before + c + after.substring(1));
                }
            }
            if (!after.isEmpty()) {
                changed.add(before + after.substring(1));
            }
        }
        changed.removeIf(valid::equals);

        assertThat(changed).hasSizeGreaterThan(valid.length() * 138);
        assertThat(changed.parallelStream().filter(token -> isGood(token, key))).isEmpty();
    }

    private static boolean isGood(String token, SigningKey key) {
        return CompactJws.parse(token)
                .filter(jws -> SIGNATURES.verify(jws, key.verificationKey().publicKey()))
                .isPresent();
    }

    static Stream<String> otherSpellings() {
        String token = KEY.sign("ES256", HEADER, "{}");
        String[] parts = token.split("\\.", -1);
        return Stream.of(
                "",
                ".",
                "..",
                "...",
                token + ".",
                "." + token,
                token + "\n",
                " " + token,
                token + "=",
                parts[0] + "." + parts[1],
                parts[0] + ".." + parts[2],
                parts[0] + "." + parts[1] + ".",
                "." + parts[1] + "." + parts[2],
                parts[0] + "=." + parts[1] + "." + parts[2],
                parts[0] + "." + parts[1] + "." + parts[2] + "." + parts[2],
                parts[0] + "." + parts[1] + "." + parts[2].replace('-', '+').replace('_', '/') + "+",
                parts[0] + "." + parts[1] + "." + parts[2].substring(0, 85),
                parts[0] + "." + parts[1] + "." + parts[2] + "AA");
    }

    @ParameterizedTest
    @MethodSource("otherSpellings")
    void anotherFormIsRefused(String token) {
        assertThat(CompactJws.parse(token)).isEmpty();
    }

    static Stream<byte[]> notAnObject() {
        return Stream.of(
                utf8(""),
                utf8("null"),
                utf8("[]"),
                utf8("\"text\""),
                utf8("{"),
                utf8("{}{}"),
                utf8("{} x"),
                utf8("{\"a\":1,\"a\":1}"),
                utf8("{\"a\":1,\"\\u0061\":1}"),
                utf8("{\"a\":{\"b\":1,\"b\":2}}"),
                utf8("{'a':1}"),
                utf8("{\"a\":NaN}"),
                utf8("{\"a\":01}"),
                utf8("{\"a\":1,}"),
                utf8("{/**/}"),
                utf8("\uFEFF{}"),
                utf8("{\"a\":" + "[".repeat(40) + "]".repeat(40) + "}"),
                utf8("{\"a\":" + "1".repeat(80) + "}"),
                "{}".getBytes(StandardCharsets.UTF_16BE),
                new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'},
                new byte[] {'{', '"', (byte) 0xc0, (byte) 0x80, '"', ':', '1', '}'},
                new byte[] {'{', '"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"', ':', '1', '}'});
    }

    @ParameterizedTest
    @MethodSource("notAnObject")
    void claimsThatAreNoStrictJsonObjectAreRefused(byte[] claims) {
        assertThat(CompactJws.parse(KEY.sign("ES256", utf8(HEADER), claims))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("notAnObject")
    void headerThatIsNoStrictJsonObjectIsRefused(byte[] header) {
        assertThat(CompactJws.parse(KEY.sign("ES256", header, utf8("{}")))).isEmpty();
    }

    @Test
    void tokenOfExactly16KibIsTakenAndOneCharacterMoreIsNot() {
        assertThat(CompactJws.parse(tokenOfLength(16_384))).isPresent();
        assertThat(CompactJws.parse(tokenOfLength(16_385))).isEmpty();
    }

    @Test
    void es256SignatureOfAnotherSizeIsRefusedBeforeAnyKeyIsAsked() {
        String input = Base64Url.encode(utf8(HEADER)) + "." + Base64Url.encode(utf8("{}")) + ".";

        assertThat(CompactJws.parse(input + Base64Url.encode(new byte[63]))).isEmpty();
        assertThat(CompactJws.parse(input + Base64Url.encode(new byte[64]))).isPresent();
        assertThat(CompactJws.parse(input + Base64Url.encode(new byte[65]))).isEmpty();
    }

    @Test
    void T09_hostileInputsAreRefusedQuickly() {
        List<String> hostile = List.of(
                "a".repeat(1_000_000),
                ".".repeat(1_000_000),
                "e30." + "e30".repeat(1_000_000) + ".AA",
                ".".repeat(16_384),
                tokenOf("{\"a\":" + "[".repeat(12_000)),
                tokenOf("{\"a\":" + "{\"a\":".repeat(2_000)),
                tokenOf("{\"a\":" + "9".repeat(12_000) + "}"),
                tokenOf("{\"a\":1e999999999"),
                tokenOf("{\"" + "\\u0000".repeat(2_000)));

        for (String token : hostile) {
            // The best of several, so that a busy machine is not taken for slow code.
            long best = Long.MAX_VALUE;
            for (int i = 0; i < 10; i++) {
                long start = System.nanoTime();
                assertThat(CompactJws.parse(token)).isEmpty();
                best = Math.min(best, System.nanoTime() - start);
            }
            assertThat(Duration.ofNanos(best)).isLessThan(Duration.ofMillis(50));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.b.c", "A-_.0.9", "eyJ.eyJ.sig"})
    void threeSegmentsOfDigitsLookCompact(String text) {
        assertThat(CompactJws.looksCompact(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "a",
                "a.b",
                "a..c",
                ".b.c",
                "a.b.",
                "a.b.c.d",
                "a.b.c.",
                "a.b=.c",
                "a b.c.d",
                "a.b.\u00e9"
            })
    void anythingElseDoesNotLookCompact(String text) {
        assertThat(CompactJws.looksCompact(text)).isFalse();
    }

    @Test
    void accessTokenDoesNotLookCompactAndAnAssertionDoes() {
        assertThat(CompactJws.looksCompact("at_" + "A".repeat(32))).isFalse();
        assertThat(CompactJws.looksCompact(OWN_JWTS.sign(Map.of(), OwnKeySets.generate())))
                .isTrue();
    }

    /** Header and claims are filled up, since a segment alone cannot have every length. */
    private static String tokenOfLength(int length) {
        String signature = Base64Url.encode(new byte[64]);
        for (int inHeader = 0; inHeader < 3; inHeader++) {
            String header = Base64Url.encode(utf8("{\"alg\":\"ES256\",\"kid\":\"" + "x".repeat(inHeader) + "\"}"));
            int octets = (length - header.length() - signature.length() - 2) * 3 / 4;
            String claims = Base64Url.encode(utf8("{\"a\":\"" + "x".repeat(octets - 8) + "\"}"));
            String token = header + "." + claims + "." + signature;
            if (token.length() == length) {
                return token;
            }
        }
        throw new AssertionError("no token of " + length);
    }

    private static String tokenOf(String claims) {
        return KEY.sign("ES256", HEADER, claims);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
