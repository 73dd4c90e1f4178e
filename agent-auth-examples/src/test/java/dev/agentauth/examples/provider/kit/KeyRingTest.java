package dev.agentauth.examples.provider.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSHeader;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRingTest {
    private static final Instant START = Instant.parse("2026-05-04T13:00:00.250Z");
    private static final Instant SIGNS = Instant.parse("2026-05-04T13:15:00Z");

    private Instant now = START;
    private final KeyRing keys = KeyRing.generate(() -> now);

    @Test
    void firstKeySignsAtOnce() throws Exception {
        assertThat(published(keys)).containsExactly(signing(keys));
    }

    @Test
    void newKeyIsPublishedAtOnceAndSignsAQuarterOfAnHourLater() throws Exception {
        String old = signing(keys);
        keys.rotate();

        assertThat(published(keys)).hasSize(2).contains(old);
        now = SIGNS.minusNanos(1);
        assertThat(signing(keys)).isEqualTo(old);
        now = SIGNS;
        assertThat(signing(keys)).isNotEqualTo(old);
        assertThat(published(keys)).contains(signing(keys));
    }

    @Test
    void oldKeyStaysPublishedUntilNothingThatItSignedIsGood() throws Exception {
        String old = signing(keys);
        keys.rotate();

        now = SIGNS.plus(Duration.ofMinutes(65)).minusNanos(1);
        assertThat(published(keys)).contains(old);
        now = SIGNS.plus(Duration.ofMinutes(65));
        assertThat(published(keys)).doesNotContain(old).containsExactly(signing(keys));
        keys.rotate();
        assertThat(keys.toJson()).doesNotContain(old);
    }

    @Test
    void storedKeysAreTheSameAfterARestart() throws Exception {
        keys.rotate();
        KeyRing restarted = KeyRing.fromJson(keys.toJson(), () -> now);

        assertThat(restarted.published()).isEqualTo(keys.published());
        assertThat(signing(restarted)).isEqualTo(signing(keys));
        now = SIGNS;
        assertThat(signing(restarted)).isEqualTo(signing(keys));
    }

    @Test
    void publishedKeysHaveNoPrivateHalf() {
        for (Map<String, Object> key : keys.published()) {
            assertThat(key).containsOnlyKeys("kty", "crv", "x", "y", "kid", "use", "alg");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{}", "[]", "{\"keys\":[]}", "{\"keys\":{}}", "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AA\"}]}"})
    void whatIsNoSetOfPrivateKeysIsRefused(String json) {
        assertThatThrownBy(() -> KeyRing.fromJson(json, () -> now)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void publicHalvesAreRefused() {
        String json = keys.toJson().replaceAll(",?\"d\":\"[^\"]*\"", "");

        assertThatThrownBy(() -> KeyRing.fromJson(json, () -> now))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("private");
    }

    @Test
    void keysOfWhichNoneSignsYetAreRefused() {
        String json = keys.toJson();
        now = START.minusSeconds(1);

        assertThatThrownBy(() -> KeyRing.fromJson(json, () -> now)).hasMessage("none of the keys signs yet");
    }

    private static List<Object> published(KeyRing keys) {
        return keys.published().stream().map(key -> key.get("kid")).toList();
    }

    private static String signing(KeyRing keys) throws Exception {
        String jwt = keys.current().sign("test", Map.of());
        return JWSHeader.parse(new com.nimbusds.jose.util.Base64URL(jwt.substring(0, jwt.indexOf('.'))))
                .getKeyID();
    }
}
