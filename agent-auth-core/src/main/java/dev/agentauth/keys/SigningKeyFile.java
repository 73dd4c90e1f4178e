package dev.agentauth.keys;

import dev.agentauth.internal.jose.OwnKey;
import dev.agentauth.internal.jose.OwnKeySets;
import dev.agentauth.internal.json.JsonFormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JWK set with private keys on disk. It is only ever replaced as a whole, so a reader never sees half of it. Whatever
 * is wrong with it is an {@link IllegalStateException} that names the path.
 */
final class SigningKeyFile {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    /** The group may read: a secret that Kubernetes mounts with an {@code fsGroup} has mode 0440. */
    private static final Set<PosixFilePermission> MOST = PosixFilePermissions.fromString("rwxr-----");

    /** Tells one version of the file from the next. */
    record Stamp(FileTime modified, long size, @Nullable Object fileKey) {}

    private final Path path;

    SigningKeyFile(Path path) {
        this.path = path.toAbsolutePath();
    }

    boolean isAbsent() {
        return Files.notExists(path);
    }

    Stamp stamp() {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        } catch (IOException e) {
            throw unusable("it cannot be read", e);
        }
    }

    List<OwnKey> read() {
        try {
            PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
            if (view != null && !MOST.containsAll(view.readAttributes().permissions())) {
                throw unusable(
                        "others have access to it or its group may write it; let the owner write it and at most the group"
                                + " read it (mode 0600 or 0640)",
                        null);
            }
            List<OwnKey> keys = OwnKeySets.parse(Files.readAllBytes(path));
            if (keys.isEmpty()) {
                throw unusable("it holds no key", null);
            }
            return keys;
        } catch (IOException e) {
            throw unusable("it cannot be read", e);
        } catch (JsonFormatException | GeneralSecurityException e) {
            throw unusable("it is not a JWK set of private P-256 keys", e);
        }
    }

    /** Writes the file unless it exists. Of several processes that do so at once, one succeeds. */
    void create(List<OwnKey> keys) {
        try {
            Path complete = writeBeside(path, keys);
            try {
                link(complete);
            } finally {
                Files.deleteIfExists(complete);
            }
        } catch (IOException e) {
            throw unusable("it cannot be created", e);
        }
    }

    void replace(List<OwnKey> keys) {
        try {
            Path target = path.toRealPath();
            Path complete = writeBeside(target, keys);
            try {
                Files.move(complete, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(complete);
            }
        } catch (IOException e) {
            throw unusable("it cannot be replaced", e);
        }
    }

    /** Unlike a move, a hard link never replaces what another process has put there in the meantime. */
    private void link(Path complete) throws IOException {
        try {
            Files.createLink(path, complete);
        } catch (FileAlreadyExistsException e) {
            // The other one's keys are as good as ours.
            return;
        } catch (UnsupportedOperationException | FileSystemException e) {
            Files.move(complete, path, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static Path writeBeside(Path target, List<OwnKey> keys) throws IOException {
        Path folder = target.resolveSibling("");
        Path complete = Files.createTempFile(folder, target.getFileName() + ".", ".tmp", ownerOnly(folder));
        try (FileChannel channel = FileChannel.open(complete, StandardOpenOption.WRITE)) {
            ByteBuffer content = ByteBuffer.wrap(OwnKeySets.write(keys));
            while (content.hasRemaining()) {
                channel.write(content);
            }
            channel.force(true);
        }
        return complete;
    }

    private static FileAttribute<?>[] ownerOnly(Path folder) throws IOException {
        return Files.getFileStore(folder).supportsFileAttributeView(PosixFileAttributeView.class)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
    }

    IllegalStateException unusable(String reason, @Nullable Throwable cause) {
        return new IllegalStateException("Signing keys in " + path + ": " + reason + ".", cause);
    }
}
