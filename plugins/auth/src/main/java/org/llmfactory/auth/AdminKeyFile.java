package org.llmfactory.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import org.llmfactory.auth.store.Secrets;

/** The file that holds the administrator's key: readable by its owner only, made when there is none. */
final class AdminKeyFile {
    /** What every administrator's key begins with. */
    static final String PREFIX = "sk-admin-";

    private static final int MINIMUM_LENGTH = 20;
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private AdminKeyFile() {}

    /**
     * The key in {@code file}, after making it if it is not there.
     *
     * @throws IOException when the file cannot be read or made, holds no usable key, or may be read by others and this
     *     cannot be changed
     */
    static String readOrCreate(Path file) throws IOException {
        if (!Files.exists(file)) {
            create(file);
        }
        closeToOthers(file);
        String key = Files.readString(file, UTF_8).strip();
        if (key.length() < MINIMUM_LENGTH) {
            throw new IOException("The administrator's key in " + file + " has fewer than " + MINIMUM_LENGTH
                    + " characters; delete the file, a new key is made then.");
        }
        return key;
    }

    /** Whole or not at all: the file appears under its name only when the key is in it. */
    private static void create(Path file) throws IOException {
        String key = PREFIX + Secrets.secret() + "\n";
        Path draft = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
        try (SeekableByteChannel channel = Files.newByteChannel(
                draft, EnumSet.of(CREATE_NEW, WRITE), PosixFilePermissions.asFileAttribute(OWNER_ONLY))) {
            channel.write(ByteBuffer.wrap(key.getBytes(UTF_8)));
        }
        try {
            // A link, not a move: it does not replace a key that somebody else has made meanwhile.
            Files.createLink(file, draft);
            Files.delete(draft);
        } catch (FileAlreadyExistsException madeMeanwhile) {
            Files.delete(draft);
        } catch (UnsupportedOperationException noLinks) {
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static void closeToOthers(Path file) throws IOException {
        if (!OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file))) {
            Files.setPosixFilePermissions(file, OWNER_ONLY);
        }
    }
}
