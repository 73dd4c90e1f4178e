package dev.agentauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.agentauth.testkit.Race;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SecretHashTest {

    @Test
    void isTheSha256OfTheTextInUtf8() throws NoSuchAlgorithmException {
        assertThat(HexFormat.of().formatHex(SecretHash.of("abc").bytes()))
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(SecretHash.of("\u00e4\ud83d\ude00").bytes())
                .isEqualTo(MessageDigest.getInstance("SHA-256")
                        .digest("\u00e4\ud83d\ude00".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void isTheSameForTextsOfAnyLengthWhereverTheyLeaveAscii() throws NoSuchAlgorithmException {
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        for (int length = 0; length <= 130; length++) {
            String ascii = "x".repeat(length);
            for (String text : List.of(ascii, ascii + "\u007f", ascii + "\u0080", ascii + "\u20ac" + ascii)) {
                assertThat(SecretHash.of(text).bytes()).isEqualTo(sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
            }
        }
    }

    @Test
    @SuppressWarnings("NullAway") // which is what the test is about
    void isTheSameAfterOneThatWasCutShort() {
        SecretHash before = SecretHash.ofParts("one", "two");

        assertThatNullPointerException().isThrownBy(() -> SecretHash.ofParts("one", null));
        assertThatNullPointerException().isThrownBy(() -> SecretHash.of(null));

        assertThat(SecretHash.ofParts("one", "two")).isEqualTo(before);
    }

    @Test
    void isTheSameForManyThreadsAtOnce() {
        List<String> texts = IntStream.range(0, 1000).mapToObj(i -> "at_" + i).toList();
        List<SecretHash> alone = texts.stream().map(SecretHash::of).toList();

        // More threads than there are digests to share.
        List<List<SecretHash>> together =
                Race.run(40, number -> texts.stream().map(SecretHash::of).toList());

        assertThat(together).hasSize(40).containsOnly(alone);
    }

    @Test
    void isFourNumbers() {
        SecretHash hash = SecretHash.of("abc");

        assertThat(hash.word(0)).isEqualTo(0xba7816bf8f01cfeaL);
        assertThat(hash.word(1)).isEqualTo(0x414140de5dae2223L);
        assertThat(hash.word(2)).isEqualTo(0xb00361a396177a9cL);
        assertThat(hash.word(3)).isEqualTo(0xb410ff61f20015adL);
        assertThatThrownBy(() -> hash.word(4)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void readsBackWhatItWrote() {
        SecretHash hash = SecretHash.of("x");

        assertThat(SecretHash.ofBytes(hash.bytes())).isEqualTo(hash).hasSameHashCodeAs(hash);
        byte[] bytes = hash.bytes();
        bytes[0]++;
        assertThat(hash.bytes()).isNotEqualTo(bytes);
        assertThat(SecretHash.ofBytes(new byte[32])).isEqualTo(SecretHash.ofBytes(new byte[32]));
    }

    @Test
    void printsAPartAndSaysItAllOnlyWhenAsked() {
        SecretHash hash = SecretHash.of("abc");

        assertThat(hash).hasToString("SecretHash[ba7816bf...]");
        assertThat(hash.hex()).isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void readsNoOtherLength() {
        for (int length : new int[] {0, 31, 33}) {
            assertThatIllegalArgumentException().isThrownBy(() -> SecretHash.ofBytes(new byte[length]));
        }
    }

    @Test
    void differsInAnySingleBit() {
        byte[] bytes = SecretHash.of("x").bytes();
        for (int bit = 0; bit < 256; bit++) {
            byte[] other = bytes.clone();
            other[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThat(SecretHash.ofBytes(other)).isNotEqualTo(SecretHash.ofBytes(bytes));
        }
        assertThat(SecretHash.of("x")).isNotEqualTo("x");
    }

    @Test
    void t16_noTwoListsOfTextsHashAlike() {
        List<List<String>> lists = List.of(
                List.of(),
                List.of(""),
                List.of("", ""),
                List.of("ab", "c"),
                List.of("a", "bc"),
                List.of("abc"),
                List.of("abc", ""),
                List.of("", "abc"),
                List.of("a", "b", "c"),
                List.of("\u0000\u0000\u0000\u0001a"),
                List.of("a", "b\u0000\u0000\u0000\u0001c"),
                List.of("\u00e9"),
                List.of("e\u0301"),
                List.of("A"),
                List.of("a"),
                List.of("a "));
        Set<SecretHash> hashes = new HashSet<>();
        lists.forEach(list -> hashes.add(SecretHash.ofParts(list.toArray(new String[0]))));

        assertThat(hashes).hasSameSizeAs(lists);
        assertThat(SecretHash.ofParts("abc")).isNotEqualTo(SecretHash.of("abc"));
    }

    @Test
    void textShowsNoSecret() {
        assertThat(SecretHash.of("at_plain").toString()).doesNotContain("plain");
    }
}
