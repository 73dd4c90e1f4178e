package dev.agentauth.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A file that lines are appended to, and that is made anew when somebody has moved it away. */
final class LogFile implements Destination {
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int END_OF_LINE = '\n';

    private final Path path;
    private volatile FileChannel channel;
    private @Nullable Object key;
    private boolean regular;
    private long lookedAt;
    /** Whether the file ends within a line. */
    private boolean cut;
    /** Whether the name of the file may not have reached the disk yet. */
    private boolean isNew;

    /** Opens it, and makes it if it is not there. */
    LogFile(Path path) throws IOException {
        this.path = path.toAbsolutePath();
        this.channel = open();
        afterOpening();
    }

    @Override
    public void write(ByteBuffer lines) throws IOException {
        if (!channel.isOpen()) {
            // An interrupt does that. What was written is known all the same.
            reopen();
        } else if (!cut && System.nanoTime() - lookedAt > LOOK_NANOS) {
            lookedAt = System.nanoTime();
            if (hasMoved()) {
                channel.close();
                reopen();
            }
        }
        if (cut && lines.position() == 0) {
            // It spoils itself, and not the next one.
            append(ByteBuffer.wrap(new byte[] {END_OF_LINE}));
        }
        append(lines);
    }

    private void append(ByteBuffer bytes) throws IOException {
        int start = bytes.position();
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } finally {
            if (bytes.position() > start) {
                cut = bytes.get(bytes.position() - 1) != END_OF_LINE;
            }
        }
    }

    @Override
    public void force() throws IOException {
        if (!regular) {
            return;
        }
        channel.force(false);
        if (isNew) {
            forceFolder();
            isNew = false;
        }
    }

    /** It may always come back. */
    @Override
    public boolean isGone() {
        return false;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void reopen() throws IOException {
        channel = open();
        afterOpening();
    }

    private FileChannel open() throws IOException {
        boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] attributes = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"))
                }
                : new FileAttribute<?>[0];
        return FileChannel.open(path, Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND), attributes);
    }

    private void afterOpening() throws IOException {
        BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
        key = found.fileKey();
        regular = found.isRegularFile();
        isNew = true;
        cut = regular && found.size() > 0 && lastByte() != END_OF_LINE;
        lookedAt = System.nanoTime();
    }

    private boolean hasMoved() throws IOException {
        try {
            return !Objects.equals(
                    key, Files.readAttributes(path, BasicFileAttributes.class).fileKey());
        } catch (NoSuchFileException e) {
            return true;
        }
    }

    /** What a process that was killed has left; a file that may not be read is taken to be whole. */
    private int lastByte() {
        try (SeekableByteChannel in = Files.newByteChannel(path)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            in.position(Math.max(0, in.size() - 1));
            return in.read(last) == 1 ? last.get(0) : END_OF_LINE;
        } catch (IOException e) {
            return END_OF_LINE;
        }
    }

    /** Not every system can. */
    private void forceFolder() {
        Path folder = path.getParent();
        if (folder == null) {
            return;
        }
        try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
            entries.force(true);
        } catch (IOException e) {
            // Windows opens no folders, and keeps the name with the file.
        }
    }
}
