package dev.agentauth.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentauth.keys.RotatingSigningKeys;
import dev.agentauth.testkit.MovableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Once a month, however often the service was restarted meanwhile. */
class SigningKeysRotationTest {
    private static final Duration MONTH = Duration.ofDays(30);
    private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");

    @TempDir
    private Path folder;

    private Path file;
    private RotatingSigningKeys keys;
    private SigningKeysRotation rotation;

    @BeforeEach
    void open() {
        MovableClock clock = MovableClock.at(NOW);
        file = folder.resolve("keys.json");
        keys = RotatingSigningKeys.file(file, clock);
        rotation = new SigningKeysRotation(keys, file, MONTH, Duration.ofHours(1), clock);
    }

    @Test
    void keyFollowsExactlyWhenTheFileIsOldEnough() throws IOException {
        changed(NOW.minus(MONTH).plusSeconds(1));
        rotation.rotateIfDue();
        assertThat(keys.published()).hasSize(1);

        changed(NOW.minus(MONTH));
        rotation.rotateIfDue();
        assertThat(keys.published()).hasSize(2);
    }

    @Test
    void rotatedFileIsNotDueAgain() throws IOException {
        changed(NOW.minus(MONTH));
        rotation.rotateIfDue();
        changed(NOW);
        rotation.rotateIfDue();

        assertThat(keys.published()).hasSize(2);
    }

    @Test
    void fileThatIsGoneChangesNothing() throws IOException {
        Files.delete(file);

        rotation.rotateIfDue();

        assertThat(keys.published()).hasSize(1);
    }

    private void changed(Instant when) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(when));
    }
}
