package dev.agentauth.internal.jose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.internal.json.Json;
import dev.agentauth.internal.json.JsonFormatException;
import dev.agentauth.internal.json.JsonObject;
import dev.agentauth.spi.ProviderKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The public Wycheproof vectors, through the same code that verifies a provider's JWTs. */
@ParameterizedClass
@EnumSource(JcaProvider.class)
class WycheproofTest {
    private final Signatures signatures;
    private Path vectors = Path.of("");

    WycheproofTest(JcaProvider provider) {
        this.signatures = provider.signatures();
    }

    @BeforeEach
    void findVectors() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.isDirectory(folder.resolve("shared/vectors/wycheproof"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            String message = "SKIPPED: no folder shared/vectors/wycheproof above "
                    + Path.of("").toAbsolutePath();
            System.err.println(message);
            Assumptions.abort(message);
        }
        vectors = folder.resolve("shared/vectors/wycheproof");
    }

    @Test
    void signatureFileAcceptsExactlyTheSixteenThatKeepOurRules() throws Exception {
        Outcome outcome = verifyAll("json_web_signature_test.json", "jws");

        assertThat(outcome.accepted)
                .containsExactlyInAnyOrder(
                        18L, 33L, 259L, 260L, 261L, 262L, 263L, 272L, 273L, 274L, 275L, 287L, 288L, 345L, 349L, 378L);
        assertThat(outcome.total).isEqualTo(401);
    }

    @Test
    void keyFileAcceptsExactlyOne() throws Exception {
        Outcome outcome = verifyAll("json_web_key_test.json", "jws");

        assertThat(outcome.accepted).containsExactly(5L);
        assertThat(outcome.total).isEqualTo(26);
    }

    @Test
    void encryptionFileIsRefusedAltogether() throws Exception {
        Outcome outcome = verifyAll("json_web_encryption_test.json", "jwe");

        assertThat(outcome.accepted).isEmpty();
        assertThat(outcome.total).isEqualTo(139);
    }

    @Test
    void weakRsaKeysAreLeftOutForThemselvesAndNotForWhatTheySigned() throws Exception {
        for (long tcId : List.of(7L, 8L, 9L)) {
            assertThat(keysOf(groupOf("json_web_key_test.json", tcId)))
                    .as("tcId %d", tcId)
                    .isEmpty();
        }
    }

    @Test
    void concatenatedEcdsaSignaturesOfAnotherSizeAreRefusedAndTheOthersJudgedAsLabelled() throws Exception {
        // The JDK refuses these two valid ones, which does no harm; another provider may take them.
        Set<Long> mayDiffer = Set.of(115L, 257L);
        int wrongSizes = 0;
        int valid = 0;
        for (JsonObject group : groups("ecdsa_secp256r1_sha256_p1363_test.json")) {
            PublicKey key = KeyFactory.getInstance("EC")
                    .generatePublic(
                            new X509EncodedKeySpec(HexFormat.of().parseHex(group.requiredString("publicKeyDer"))));
            for (JsonObject test : group.requiredObjects("tests")) {
                byte[] message = HexFormat.of().parseHex(test.string("msg").orElseThrow());
                byte[] signature = HexFormat.of().parseHex(test.string("sig").orElseThrow());
                long tcId = test.requiredLong("tcId");
                boolean isValid = test.requiredString("result").equals("valid");
                boolean accepted = signatures.verify("ES256", message, signature, key);
                if (signature.length != 64) {
                    wrongSizes++;
                    assertThat(accepted).as("size of tcId %d", tcId).isFalse();
                } else if (!mayDiffer.contains(tcId)) {
                    assertThat(accepted).as("tcId %d", tcId).isEqualTo(isValid);
                    valid += isValid ? 1 : 0;
                }
            }
        }
        assertThat(wrongSizes).isGreaterThanOrEqualTo(12);
        assertThat(valid).isGreaterThan(100);
    }

    private Outcome verifyAll(String file, String member) throws IOException, JsonFormatException {
        Outcome outcome = new Outcome();
        for (JsonObject group : groups(file)) {
            for (JsonObject test : group.requiredObjects("tests")) {
                outcome.total++;
                if (isAccepted(test, member, group)) {
                    outcome.accepted.add(test.requiredLong("tcId"));
                }
            }
        }
        return outcome;
    }

    private boolean isAccepted(JsonObject test, String member, JsonObject group) throws JsonFormatException {
        Optional<CompactForm> form = CompactForm.parse(test.string(member).orElseThrow());
        if (form.isEmpty()) {
            return false;
        }
        String keyId = form.get().headerString("kid").orElse("");
        String algorithm = form.get().headerString("alg").orElse("");
        List<ProviderKey> fitting = keysOf(group).stream()
                .filter(key -> key.keyId().equals(keyId) && key.algorithms().contains(algorithm))
                .toList();
        return fitting.size() == 1
                && signatures.verify(form.get(), fitting.get(0).publicKey());
    }

    /** The public half if there is one, else what both sides share. */
    private static List<ProviderKey> keysOf(JsonObject group) throws JsonFormatException {
        JsonObject keys =
                group.object(group.has("public") ? "public" : "private").orElseThrow();
        String set = keys.has("keys") ? keys.toString() : "{\"keys\":[" + keys + "]}";
        return JwkSets.parse(set.getBytes(StandardCharsets.UTF_8)).usable();
    }

    private JsonObject groupOf(String file, long tcId) throws IOException, JsonFormatException {
        for (JsonObject group : groups(file)) {
            for (JsonObject test : group.requiredObjects("tests")) {
                if (test.requiredLong("tcId") == tcId) {
                    return group;
                }
            }
        }
        throw new AssertionError("no vector " + tcId);
    }

    private List<JsonObject> groups(String file) throws IOException, JsonFormatException {
        return Json.parseObject(Files.readAllBytes(vectors.resolve(file))).requiredObjects("testGroups");
    }

    private static final class Outcome {
        private final Set<Long> accepted = new TreeSet<>();
        private int total;
    }
}
