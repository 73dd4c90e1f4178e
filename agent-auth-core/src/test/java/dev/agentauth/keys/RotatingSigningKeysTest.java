package dev.agentauth.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JWSHeader;
import dev.agentauth.internal.jose.CompactJws;
import dev.agentauth.internal.jose.OwnJwts;
import dev.agentauth.internal.jose.OwnKey;
import dev.agentauth.internal.jose.OwnKeySets;
import dev.agentauth.internal.jose.Signatures;
import dev.agentauth.internal.json.Json;
import dev.agentauth.spi.PortUnavailableException;
import dev.agentauth.spi.SigningKeys;
import dev.agentauth.spi.VerificationKey;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RotatingSigningKeysTest {
    private static final Instant START = Instant.parse("2026-05-04T13:00:00Z");
    private static final Duration LIFETIME = Duration.ofHours(1);
    private static final Duration TICK = Duration.ofMillis(1);

    @TempDir
    private Path folder = Path.of("");

    private final MovedClock clock = new MovedClock();

    // Rotation

    @Test
    void firstKeySignsAtOnceAndIsPublished() {
        SigningKeys keys = RotatingSigningKeys.ephemeral(clock);

        assertThat(keys.published()).containsExactly(keys.current().verificationKey());
    }

    @Test
    void rotatePublishesTheNewKeyAtOnceAndItSignsExactlyTenMinutesLater() {
        RotatingSigningKeys keys = RotatingSigningKeys.ephemeral(clock);
        String first = currentId(keys);

        keys.rotate(LIFETIME);

        assertThat(publishedIds(keys)).hasSize(2).contains(first);
        clock.moveTo(START.plus(RotatingSigningKeys.PUBLISH_AHEAD).minus(TICK));
        assertThat(currentId(keys)).isEqualTo(first);
        clock.moveTo(START.plus(RotatingSigningKeys.PUBLISH_AHEAD));
        assertThat(currentId(keys)).isNotEqualTo(first);
        assertThat(publishedIds(keys)).hasSize(2).contains(first, currentId(keys));
    }

    @Test
    void oldKeyLeavesExactlyWhenItsLastAssertionExpires() {
        RotatingSigningKeys keys = RotatingSigningKeys.ephemeral(clock);
        String first = currentId(keys);
        keys.rotate(LIFETIME);
        Instant leaves = START.plus(RotatingSigningKeys.PUBLISH_AHEAD).plus(LIFETIME);

        clock.moveTo(leaves.minus(TICK));
        assertThat(publishedIds(keys)).contains(first);
        clock.moveTo(leaves);
        assertThat(publishedIds(keys)).containsExactly(currentId(keys)).doesNotContain(first);
    }

    @Test
    void rotateTwiceWithinTenMinutesLetsEachKeySignInItsTurn() {
        RotatingSigningKeys keys = RotatingSigningKeys.ephemeral(clock);
        keys.rotate(LIFETIME);
        clock.moveTo(START.plusSeconds(300));
        keys.rotate(LIFETIME);

        assertThat(publishedIds(keys)).hasSize(3);
        List<String> signers = new ArrayList<>();
        for (int minutes : List.of(5, 10, 15)) {
            clock.moveTo(START.plusSeconds(60L * minutes));
            signers.add(currentId(keys));
        }
        assertThat(signers).doesNotHaveDuplicates();
        clock.moveTo(START.plusSeconds(60 * 75 - 1));
        assertThat(publishedIds(keys)).containsExactlyInAnyOrder(signers.get(1), signers.get(2));
        clock.moveTo(START.plusSeconds(60 * 75));
        assertThat(publishedIds(keys)).containsExactly(signers.get(2));
    }

    @Test
    void rotateTwiceInOneMomentIsHarmless() {
        RotatingSigningKeys keys = RotatingSigningKeys.ephemeral(clock);
        keys.rotate(LIFETIME);
        keys.rotate(LIFETIME);

        clock.moveTo(START.plus(RotatingSigningKeys.PUBLISH_AHEAD));
        assertThat(publishedIds(keys)).hasSize(3).contains(currentId(keys));
        clock.moveTo(START.plus(RotatingSigningKeys.PUBLISH_AHEAD).plus(LIFETIME));
        assertThat(publishedIds(keys)).containsExactly(currentId(keys));
    }

    @Test
    void rotateWithAShorterLifetimeDoesNotCutWhatWasPromisedBefore() {
        RotatingSigningKeys keys = RotatingSigningKeys.ephemeral(clock);
        String first = currentId(keys);
        keys.rotate(LIFETIME);
        clock.moveTo(START.plusSeconds(1200));
        keys.rotate(Duration.ZERO);

        clock.moveTo(START.plusSeconds(600).plus(LIFETIME).minus(TICK));
        assertThat(publishedIds(keys)).contains(first);
    }

    @Test
    void rotateWithANegativeLifetimeIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RotatingSigningKeys.ephemeral(clock).rotate(Duration.ofMillis(-1)));
    }

    @Test
    void clockThatStepsBackGivesTheAnswerOfThatTime() {
        RotatingSigningKeys keys = RotatingSigningKeys.ephemeral(clock);
        String first = currentId(keys);
        keys.rotate(LIFETIME);
        clock.moveTo(START.plus(RotatingSigningKeys.PUBLISH_AHEAD));
        assertThat(currentId(keys)).isNotEqualTo(first);

        clock.moveTo(START.plus(RotatingSigningKeys.PUBLISH_AHEAD).minus(TICK));

        assertThat(currentId(keys)).isEqualTo(first);
    }

    @Test
    void T37_thousandRotationsRefuseNoAssertionAndUseNoKeyThatWasNotPublishedAhead() {
        record Assertion(String jwt, String keyId, Instant expiresAt) {}

        RotatingSigningKeys keys = RotatingSigningKeys.ephemeral(clock);
        Random seeded = new Random(37);
        Deque<Assertion> alive = new ArrayDeque<>();
        Map<String, Instant> publishedSince = new HashMap<>();
        publishedSince.put(currentId(keys), Instant.MIN);
        int verified = 0;
        int mostPublished = 0;
        for (int rotation = 0; rotation < 1_000; rotation++) {
            keys.rotate(LIFETIME);
            // From many rotations within one lifetime to several lifetimes between two rotations.
            Instant next = clock.instant().plusSeconds(1 + seeded.nextInt(rotation % 2 == 0 ? 900 : 9_000));
            boolean hasSigned = false;
            while (clock.instant().isBefore(next)) {
                publishedIds(keys).forEach(id -> publishedSince.putIfAbsent(id, clock.instant()));
                String signer = currentId(keys);
                assertThat(publishedSince.get(signer))
                        .isBeforeOrEqualTo(clock.instant().minus(RotatingSigningKeys.PUBLISH_AHEAD));
                String jwt = hasSigned ? "" : new OwnJwts(Optional::empty).sign(Map.of("n", rotation), keys.current());
                hasSigned = true;
                alive.add(new Assertion(jwt, signer, clock.instant().plus(LIFETIME)));
                clock.moveTo(clock.instant().plusSeconds(1 + seeded.nextInt(120)));

                while (!alive.isEmpty()
                        && !clock.instant().isBefore(alive.getFirst().expiresAt())) {
                    alive.removeFirst();
                }
                Set<String> published = publishedIds(keys);
                mostPublished = Math.max(mostPublished, published.size());
                assertThat(published)
                        .containsAll(alive.stream().map(Assertion::keyId).collect(Collectors.toSet()));
            }
            for (Assertion assertion : alive) {
                if (!assertion.jwt().isEmpty() && seeded.nextInt(4) == 0) {
                    assertThat(isVerified(keys, assertion.jwt())).isTrue();
                    verified++;
                }
            }
        }
        assertThat(verified).isGreaterThan(200);
        assertThat(mostPublished).isBetween(3, 40);
    }

    @Test
    void currentIsAlwaysPublishedWhileOthersRotate() throws Exception {
        RotatingSigningKeys keys = RotatingSigningKeys.file(folder.resolve("keys.json"), clock);
        AtomicBoolean isDone = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<Integer>> readers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                readers.add(threads.submit(() -> {
                    int reads = 0;
                    while (!isDone.get()) {
                        VerificationKey current = keys.current().verificationKey();
                        assertThat(keys.published()).contains(current);
                        reads++;
                    }
                    return reads;
                }));
            }
            for (int i = 0; i < 10; i++) {
                keys.rotate(LIFETIME);
                clock.moveTo(clock.instant().plusSeconds(330));
            }
            isDone.set(true);
            for (Future<Integer> reader : readers) {
                assertThat(reader.get()).isPositive();
            }
        } finally {
            isDone.set(true);
            threads.shutdownNow();
        }
    }

    // File

    @Test
    void fileIsCreatedForItsOwnerAloneAndHoldsOneKey() throws Exception {
        Path file = folder.resolve("keys.json");

        RotatingSigningKeys keys = RotatingSigningKeys.file(file, clock);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(OwnKeySets.parse(Files.readAllBytes(file)))
                .extracting(key -> key.signingKey().verificationKey())
                .containsExactly(keys.current().verificationKey());
        assertThat(filesIn(folder)).containsExactly(file);
    }

    @Test
    void restartKeepsKeysAndTheirTimes() {
        Path file = folder.resolve("keys.json");
        RotatingSigningKeys before = RotatingSigningKeys.file(file, clock);
        String first = currentId(before);
        String jwt = new OwnJwts(Optional::empty).sign(Map.of("sub", "reg_1"), before.current());
        before.rotate(LIFETIME);
        clock.moveTo(START.plusSeconds(300));

        RotatingSigningKeys after = RotatingSigningKeys.file(file, clock);

        assertThat(publishedIds(after)).isEqualTo(publishedIds(before));
        assertThat(isVerified(after, jwt)).isTrue();
        clock.moveTo(START.plusSeconds(600).minus(TICK));
        assertThat(currentId(after)).isEqualTo(first);
        clock.moveTo(START.plusSeconds(600));
        assertThat(currentId(after)).isNotEqualTo(first).isEqualTo(currentId(before));
        clock.moveTo(START.plusSeconds(600).plus(LIFETIME));
        assertThat(publishedIds(RotatingSigningKeys.file(file, clock))).containsExactly(currentId(before));
    }

    @Test
    void rotateReplacesTheFileWithTheSameModeAndLeavesNothingBeside() throws Exception {
        Path file = folder.resolve("keys.json");
        RotatingSigningKeys keys = RotatingSigningKeys.file(file, clock);
        for (int i = 0; i < 5; i++) {
            keys.rotate(LIFETIME);
            clock.moveTo(clock.instant().plus(Duration.ofHours(2)));
        }

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(filesIn(folder)).containsExactly(file);
        assertThat(OwnKeySets.parse(Files.readAllBytes(file))).hasSize(2);
    }

    @Test
    void rotateThroughASymbolicLinkReplacesWhatItPointsTo() throws Exception {
        Path target = folder.resolve("target.json");
        Path link = folder.resolve("link.json");
        RotatingSigningKeys direct = RotatingSigningKeys.file(target, clock);
        Files.createSymbolicLink(link, target);
        RotatingSigningKeys.file(link, clock).rotate(LIFETIME);

        clock.moveTo(START.plusSeconds(1));
        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(publishedIds(direct)).hasSize(2);
    }

    @Test
    void replicaSeesARotationAfterOneSecondAndSignsAtTheSameMoment() {
        Path file = folder.resolve("keys.json");
        RotatingSigningKeys one = RotatingSigningKeys.file(file, clock);
        RotatingSigningKeys two = RotatingSigningKeys.file(file, clock);
        one.rotate(LIFETIME);

        clock.moveTo(START.plusSeconds(1).minus(TICK));
        assertThat(publishedIds(two)).hasSize(1);
        clock.moveTo(START.plusSeconds(1));
        assertThat(publishedIds(two)).isEqualTo(publishedIds(one)).hasSize(2);
        clock.moveTo(START.plus(RotatingSigningKeys.PUBLISH_AHEAD));
        assertThat(currentId(two)).isEqualTo(currentId(one));
    }

    @Test
    void replicasThatRotateInTurnLoseNoKey() {
        Path file = folder.resolve("keys.json");
        RotatingSigningKeys one = RotatingSigningKeys.file(file, clock);
        RotatingSigningKeys two = RotatingSigningKeys.file(file, clock);

        one.rotate(LIFETIME);
        two.rotate(LIFETIME);

        assertThat(publishedIds(two)).hasSize(3);
        clock.moveTo(START.plusSeconds(1));
        assertThat(publishedIds(one)).isEqualTo(publishedIds(two));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "garbage", "{\"keys\":[]}"})
    void fileThatBreaksLaterLeavesTheKeysInForceAndIsReadAgainWhenItIsWhole(String broken) throws Exception {
        Path file = folder.resolve("keys.json");
        RotatingSigningKeys keys = RotatingSigningKeys.file(file, clock);
        Set<String> before = publishedIds(keys);
        byte[] whole = Files.readAllBytes(file);

        Files.writeString(file, broken);
        clock.moveTo(START.plusSeconds(1));
        assertThat(publishedIds(keys)).isEqualTo(before);
        Files.delete(file);
        clock.moveTo(START.plusSeconds(2));
        assertThat(publishedIds(keys)).isEqualTo(before).contains(currentId(keys));
        assertThatIllegalStateException()
                .isThrownBy(() -> keys.rotate(LIFETIME))
                .withMessageContaining(file.toString());
        assertThat(publishedIds(keys)).isEqualTo(before);

        Files.write(file, whole);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        RotatingSigningKeys.file(file, clock).rotate(LIFETIME);
        clock.moveTo(START.plusSeconds(3));
        assertThat(publishedIds(keys)).hasSize(2).containsAll(before);
    }

    @Test
    void fileThatIsOpenedToOthersLaterIsNotFollowed() throws Exception {
        Path file = folder.resolve("keys.json");
        RotatingSigningKeys keys = RotatingSigningKeys.file(file, clock);
        RotatingSigningKeys.file(file, clock).rotate(LIFETIME);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        clock.moveTo(START.plusSeconds(1));

        assertThat(publishedIds(keys)).hasSize(1);
    }

    @Test
    void manyThreadsThatCreateOneFileEndUpWithOneKey() throws Exception {
        Path file = folder.resolve("keys.json");
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Future<String>> started = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                started.add(threads.submit(() -> {
                    start.await();
                    return currentId(RotatingSigningKeys.file(file, clock));
                }));
            }
            start.countDown();

            Set<String> ids = new HashSet<>();
            for (Future<String> id : started) {
                ids.add(id.get());
            }
            assertThat(ids).hasSize(1);
            assertThat(filesIn(folder)).containsExactly(file);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void processesThatCreateOneFileAtTheSameMomentEndUpWithOneKey() throws Exception {
        Path file = folder.resolve("keys.json");
        Path go = folder.resolve("go");
        Path program = folder.resolve("Start.java");
        Files.writeString(program, """
                import java.nio.file.*;
                import java.time.InstantSource;

                class Start {
                    public static void main(String[] args) throws Exception {
                        Files.createFile(Path.of(args[2]));
                        while (Files.notExists(Path.of(args[1]))) {
                            Thread.sleep(1);
                        }
                        var keys = dev.agentauth.keys.RotatingSigningKeys.file(
                                Path.of(args[0]), InstantSource.system());
                        System.out.print(keys.current().verificationKey().keyId());
                    }
                }
                """);
        List<Process> processes = new ArrayList<>();
        try {
            for (int i = 0; i < 2; i++) {
                Path ready = folder.resolve("ready" + i);
                processes.add(new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-cp",
                                classPath(),
                                program.toString(),
                                file.toString(),
                                go.toString(),
                                ready.toString())
                        .redirectError(folder.resolve("errors" + i).toFile())
                        .start());
            }
            for (int i = 0; i < 2; i++) {
                while (Files.notExists(folder.resolve("ready" + i))
                        && processes.get(i).isAlive()) {
                    Thread.sleep(1);
                }
            }
            Files.createFile(go);

            Set<String> ids = new HashSet<>();
            for (Process process : processes) {
                try (InputStream output = process.getInputStream()) {
                    ids.add(new String(output.readAllBytes(), StandardCharsets.UTF_8));
                }
                assertThat(process.waitFor()).isZero();
            }
            assertThat(ids).containsExactly(currentId(RotatingSigningKeys.file(file, clock)));
        } finally {
            processes.forEach(Process::destroy);
        }
    }

    // Refused files

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "garbage",
                "[]",
                "{}",
                "{\"keys\":{}}",
                "{\"keys\":[]}",
                "{\"keys\":[{}]}",
                "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}",
                "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AQ\",\"e\":\"AQAB\",\"d\":\"AQ\"}]}",
                "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"AQ\",\"y\":\"AQ\",\"d\":\"AQ\"}]}",
                "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AQ\",\"y\":\"AQ\",\"d\":\"AQ\"}]}"
            })
    void malformedFileIsRefusedByNameAndLeftAlone(String content) throws Exception {
        Path file = ownersFile(content.getBytes(StandardCharsets.UTF_8));

        assertThatIllegalStateException()
                .isThrownBy(() -> RotatingSigningKeys.file(file, clock))
                .withMessageContaining(file.toString());
        assertThat(Files.readString(file)).isEqualTo(content);
    }

    @Test
    void fileWithPublicKeysAloneIsRefused() throws Exception {
        Map<String, Object> jwk = OwnJwts.publicJwk(OwnKeySets.generate().verificationKey());
        Path file = ownersFile(Json.write(Map.of("keys", List.of(jwk))));

        assertThatIllegalStateException()
                .isThrownBy(() -> RotatingSigningKeys.file(file, clock))
                .withMessageContaining("private P-256 keys");
    }

    @Test
    void fileWhoseKeysAreAllPastTheirTimeOrNotYetInItIsRefused() throws Exception {
        OwnKey past = new OwnKey(OwnKeySets.generate(), Instant.EPOCH, START);
        OwnKey future = new OwnKey(OwnKeySets.generate(), START.plusSeconds(1), Instant.MAX);
        Path file = ownersFile(OwnKeySets.write(List.of(past, future)));

        assertThatIllegalStateException()
                .isThrownBy(() -> RotatingSigningKeys.file(file, clock))
                .withMessageContaining("may sign now");
    }

    @Test
    void keyWhoseTimeEndsWithoutASuccessorMakesSigningUnavailableUntilTheNextRotation() throws Exception {
        OwnKey ending = new OwnKey(OwnKeySets.generate(), Instant.EPOCH, START.plusSeconds(10));
        RotatingSigningKeys keys = RotatingSigningKeys.file(ownersFile(OwnKeySets.write(List.of(ending))), clock);
        clock.moveTo(START.plusSeconds(10));

        assertThatExceptionOfType(PortUnavailableException.class).isThrownBy(keys::current);
        assertThat(keys.published()).isEmpty();
        keys.rotate(LIFETIME);
        assertThat(publishedIds(keys)).containsExactly(currentId(keys));
    }

    @Test
    void folderInPlaceOfAFileAndAFolderThatIsNotThereAreRefusedByName() {
        Path missing = folder.resolve("missing").resolve("keys.json");

        assertThatIllegalStateException()
                .isThrownBy(() -> RotatingSigningKeys.file(folder, clock))
                .withMessageContaining(folder.toString());
        assertThatIllegalStateException()
                .isThrownBy(() -> RotatingSigningKeys.file(missing, clock))
                .withMessageContaining(missing.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rw----r--",
                "rw--w----",
                "rw-----w-",
                "rw---x---",
                "rw------x",
                "rw-rw-rw-",
                "rw-rw----",
                "r--r--r--",
                "rw-r-x---"
            })
    void F13_fileThatOthersMayTouchOrItsGroupMayWriteIsRefusedByName(String mode) throws Exception {
        Path file = folder.resolve("keys.json");
        RotatingSigningKeys.file(file, clock);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));

        assertThatIllegalStateException()
                .isThrownBy(() -> RotatingSigningKeys.file(file, clock))
                .withMessageContaining(file.toString())
                .withMessageContaining("0600");
    }

    @ParameterizedTest
    @ValueSource(strings = {"r--------", "rwx------", "r--r-----", "rw-r-----"})
    void F13_fileThatOnlyItsOwnerMayWriteAndAtMostItsGroupReadIsTaken(String mode) throws Exception {
        Path file = folder.resolve("keys.json");
        RotatingSigningKeys.file(file, clock);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));

        assertThat(RotatingSigningKeys.file(file, clock).published()).hasSize(1);
    }

    @Test
    void T49_messageAboutABrokenFileShowsNothingOfIt() throws Exception {
        Path file = ownersFile("{\"keys\":[{\"d\":\"SECRET\"".getBytes(StandardCharsets.UTF_8));

        assertThatIllegalStateException()
                .isThrownBy(() -> RotatingSigningKeys.file(file, clock))
                .satisfies(refusal -> {
                    for (Throwable t = refusal; t != null; t = t.getCause()) {
                        assertThat(t.toString()).doesNotContain("SECRET");
                    }
                });
    }

    private Path ownersFile(byte[] content) throws IOException {
        Path file = folder.resolve("given.json");
        Files.write(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    private static List<Path> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private static boolean isVerified(SigningKeys keys, String jwt) {
        CompactJws jws = CompactJws.parse(jwt).orElseThrow();
        return keys.published().stream()
                .filter(key -> jws.kid().orElseThrow().equals(key.keyId()))
                .anyMatch(key -> new Signatures(Optional::empty).verify(jws, key.publicKey()));
    }

    private static String currentId(SigningKeys keys) {
        return keys.current().verificationKey().keyId();
    }

    private static Set<String> publishedIds(SigningKeys keys) {
        return keys.published().stream().map(VerificationKey::keyId).collect(Collectors.toSet());
    }

    /** What the library needs, wherever this test run has it from. */
    private static String classPath() {
        return Stream.of(
                        RotatingSigningKeys.class,
                        JWSHeader.class,
                        ObjectMapper.class,
                        JsonFactory.class,
                        JsonProperty.class)
                .map(type -> Path.of(URI.create(type.getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toString()))
                        .toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static final class MovedClock implements InstantSource {
        private volatile Instant now = START;

        void moveTo(Instant instant) {
            now = instant;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
