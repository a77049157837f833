package org.llmfactory.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.Set;

/**
 * A file of random bytes that a plugin makes for itself on first use, under {@code Home.secrets()}: the key of what it
 * stores. Never in the database, so that a copy of the database alone tells nothing.
 */
public final class SecretFile {
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwx------");

    private SecretFile() {}

    /**
     * The secret in a file, which is made with mode 0600 when it is not there. However many threads and processes ask at
     * once, all get the same one. It is on the disk when this returns.
     *
     * @param file below {@code Home.secrets()}; the folder is made with mode 0700
     * @param length bytes, at least 16
     * @throws IllegalStateException when the file has another length, or others may read it; nothing is changed then
     * @throws UncheckedIOException when it cannot be read or written
     */
    public static synchronized byte[] readOrCreate(Path file, int length) {
        if (length < 16) {
            throw new IllegalArgumentException("A secret has at least 16 bytes.");
        }
        try {
            if (Files.exists(file)) {
                return read(file, length);
            }
            Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), "folder");
            Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(FOLDER));
            try (FileChannel channel = FileChannel.open(
                            folder.resolve(".lock"),
                            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                            PosixFilePermissions.asFileAttribute(FILE));
                    FileLock lock = channel.lock()) {
                if (!lock.isValid()) {
                    throw new IOException("The folder " + folder + " cannot be locked.");
                }
                // Another process may have been first.
                return Files.exists(file) ? read(file, length) : create(file, folder, length);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] create(Path file, Path folder, int length) throws IOException {
        byte[] secret = new byte[length];
        new SecureRandom().nextBytes(secret);
        Path draft = folder.resolve(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        try (FileChannel out = FileChannel.open(
                draft,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(FILE))) {
            ByteBuffer bytes = ByteBuffer.wrap(secret);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        }
        return secret;
    }

    private static byte[] read(Path file, int length) throws IOException {
        Set<PosixFilePermission> others = Files.getPosixFilePermissions(file);
        others.removeAll(FILE);
        if (!others.isEmpty()) {
            throw new IllegalStateException("The secret in " + file + " can be used by others than its owner ("
                    + PosixFilePermissions.toString(Files.getPosixFilePermissions(file)) + "). Run: chmod 600 " + file);
        }
        byte[] secret = Files.readAllBytes(file);
        if (secret.length != length) {
            throw new IllegalStateException("The secret in " + file + " is damaged: it has " + secret.length
                    + " bytes instead of " + length + ". Put it back from a backup.");
        }
        return secret;
    }
}
