package dev.agentauth.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {
    private static final long LONG = Duration.ofSeconds(30).toNanos();

    @TempDir
    private Path folder;

    @Test
    void fileIsMadeForItsOwnerAndItsGroup() throws IOException {
        Path file = folder.resolve("audit.jsonl");
        write(new LogFile(file), "{1}\n");

        assertThat(Files.readString(file)).isEqualTo("{1}\n");
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .matches("rw-[r-]-----");
        }
    }

    @Test
    void fileThatIsThereIsContinued() throws IOException {
        Path file = folder.resolve("audit.jsonl");
        Files.writeString(file, "{0}\n");
        write(new LogFile(file), "{1}\n");

        assertThat(Files.readString(file)).isEqualTo("{0}\n{1}\n");
    }

    @Test
    void lineThatAKilledProcessHasCutSpoilsItselfAlone() throws IOException {
        Path file = folder.resolve("audit.jsonl");
        Files.writeString(file, "{0}\n{\"id\":\"ev");
        LogFile log = new LogFile(file);
        write(log, "{1}\n");
        write(log, "{2}\n");

        assertThat(Files.readString(file)).isEqualTo("{0}\n{\"id\":\"ev\n{1}\n{2}\n");
    }

    /** As when the disk was full in the middle of a line: the same bytes go on, another batch begins a new line. */
    @Test
    void f34_lineThatWasCutIsContinuedByItsRestAndSpoilsItselfAloneWithoutIt() throws IOException {
        Path file = folder.resolve("audit.jsonl");
        LogFile log = new LogFile(file);
        ByteBuffer batch = bytes("{1}\n{2}\n");
        log.write(batch.limit(6));
        log.write(batch.limit(8));
        log.write(bytes("{3"));
        log.write(bytes("{4}\n"));

        assertThat(Files.readString(file)).isEqualTo("{1}\n{2}\n{3\n{4}\n");
    }

    @Test
    void fileThatWasMovedIsMadeAnewWithinASecondAndNoLineIsLost() throws IOException {
        Path file = folder.resolve("audit.jsonl");
        Path moved = folder.resolve("audit.jsonl.1");
        LogFile log = new LogFile(file);
        write(log, "{0}\n");
        Files.move(file, moved);
        int lines = writeUntilThereIsA(file, log);

        List<String> written = new ArrayList<>(Files.readAllLines(moved));
        written.addAll(Files.readAllLines(file));
        assertThat(written).hasSize(lines + 1).doesNotHaveDuplicates();
    }

    @Test
    void fileThatWasDeletedIsMadeAnew() throws IOException {
        Path file = folder.resolve("audit.jsonl");
        LogFile log = new LogFile(file);
        Files.delete(file);

        assertThat(writeUntilThereIsA(file, log)).isPositive();
    }

    @Test
    void fileThatWasCopiedAndCutIsWrittenFromItsBeginning() throws IOException {
        Path file = folder.resolve("audit.jsonl");
        LogFile log = new LogFile(file);
        write(log, "{1}\n{2}\n");
        Files.write(file, new byte[0]);
        write(log, "{3}\n");

        assertThat(Files.readString(file)).isEqualTo("{3}\n");
    }

    @Test
    void folderThatIsGoneIsAFailureUntilItIsBack() throws IOException {
        Path file = Files.createDirectory(folder.resolve("logs")).resolve("audit.jsonl");
        LogFile log = new LogFile(file);
        Files.delete(file);
        Files.delete(file.getParent());
        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> writeUntilThereIsA(file, log));

        Files.createDirectory(file.getParent());
        write(log, "{9}\n");

        assertThat(Files.readString(file)).isEqualTo("{9}\n");
    }

    @Test
    void interruptClosesTheFileAndTheNextLineOpensItAgain() throws IOException {
        Path file = folder.resolve("audit.jsonl");
        LogFile log = new LogFile(file);
        ByteBuffer line = bytes("{1}\n");
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(ClosedByInterruptException.class).isThrownBy(() -> log.write(line));
        assertThat(Thread.interrupted()).isTrue();
        log.write(line);

        assertThat(Files.readString(file)).isEqualTo("{1}\n");
    }

    @Test
    void forcingWorksOnFilesAndAsksNothingOfDevices() throws IOException {
        LogFile log = new LogFile(folder.resolve("audit.jsonl"));
        write(log, "{1}\n");
        log.force();
        Path device = Path.of("/dev/null");
        assumeTrue(Files.exists(device), "there is no /dev/null");
        LogFile nothing = new LogFile(device);
        write(nothing, "{1}\n");
        nothing.force();
        nothing.close();
        log.close();
    }

    /** How many lines that took. */
    private static int writeUntilThereIsA(Path file, LogFile log) throws IOException {
        long deadline = System.nanoTime() + LONG;
        int lines = 0;
        while (!Files.exists(file)) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            lines++;
            write(log, "{\"line\":" + lines + "}\n");
            LockSupport.parkNanos(10_000_000);
        }
        return lines;
    }

    private static void write(LogFile log, String lines) throws IOException {
        ByteBuffer bytes = bytes(lines);
        log.write(bytes);
        assertThat(bytes.hasRemaining()).isFalse();
    }

    private static ByteBuffer bytes(String lines) {
        return ByteBuffer.wrap(lines.getBytes(StandardCharsets.UTF_8));
    }
}
