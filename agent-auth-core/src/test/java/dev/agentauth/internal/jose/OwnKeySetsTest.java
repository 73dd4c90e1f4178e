package dev.agentauth.internal.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.agentauth.internal.json.Json;
import dev.agentauth.internal.json.JsonFormatException;
import dev.agentauth.internal.json.JsonObject;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OwnKeySetsTest {
    private static final Instant FROM = Instant.parse("2026-05-04T13:00:00Z");

    @Test
    void writtenKeysAreReadBackWithTheirTimes() throws Exception {
        List<OwnKey> keys = List.of(
                new OwnKey(OwnKeySets.generate(), Instant.EPOCH, FROM.plusSeconds(1)),
                new OwnKey(OwnKeySets.generate(), FROM, Instant.MAX));

        assertThat(OwnKeySets.parse(OwnKeySets.write(keys))).isEqualTo(keys);
    }

    @Test
    void everyKeyIsReadBackHoweverManyZerosItsNumbersBeginWith() throws Exception {
        for (int i = 0; i < 300; i++) {
            List<OwnKey> keys = List.of(new OwnKey(OwnKeySets.generate(), Instant.EPOCH, Instant.MAX));

            assertThat(OwnKeySets.parse(OwnKeySets.write(keys))).isEqualTo(keys);
        }
    }

    @Test
    void foreignKeyIdIsReplacedByTheThumbprint() throws Exception {
        OwnKey key = new OwnKey(OwnKeySets.generate(), Instant.EPOCH, Instant.MAX);
        Map<String, Object> jwk = OwnJwts.publicJwk(key.signingKey().verificationKey());
        jwk.put("kid", "mine");
        jwk.put("d", memberOf(key, "d"));

        assertThat(OwnKeySets.parse(Json.write(Map.of("keys", List.of(jwk))))).containsExactly(key);
    }

    @Test
    void privateNumberOfAnotherKeyIsRefused() throws Exception {
        OwnKey key = new OwnKey(OwnKeySets.generate(), Instant.EPOCH, Instant.MAX);
        OwnKey other = new OwnKey(OwnKeySets.generate(), Instant.EPOCH, Instant.MAX);
        Map<String, Object> jwk = OwnJwts.publicJwk(key.signingKey().verificationKey());
        jwk.put("d", memberOf(other, "d"));

        assertThatExceptionOfType(GeneralSecurityException.class)
                .isThrownBy(() -> OwnKeySets.parse(Json.write(Map.of("keys", List.of(jwk)))));
    }

    private static String memberOf(OwnKey key, String name) throws JsonFormatException {
        JsonObject jwk = Json.parseObject(OwnKeySets.write(List.of(key)))
                .requiredObjects("keys")
                .get(0);
        return jwk.requiredString(name);
    }
}
