package org.llmfactory.models.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;

/**
 * SHA-256 of files. The digest of several is the SHA-256 of what {@code sha256sum} prints for them in the order of
 * their names, so that anybody can check it.
 */
public final class Digests {
    private static final int CHUNK = 1 << 20;

    private Digests() {}

    /** SHA-256 of one file, 64 lower-case hex digits. */
    public static String ofFile(Path file) {
        MessageDigest digest = sha256();
        byte[] chunk = new byte[CHUNK];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                digest.update(chunk, 0, read);
            }
        } catch (IOException e) {
            throw Faults.invalid(String.valueOf(file.getFileName()), "the file cannot be read", e);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The digest of several files, given the digest of each by name. */
    public static String ofAll(SortedMap<String, String> digests) {
        StringBuilder manifest = new StringBuilder();
        for (Map.Entry<String, String> entry : digests.entrySet()) {
            manifest.append(entry.getValue())
                    .append("  ")
                    .append(entry.getKey())
                    .append('\n');
        }
        return HexFormat.of().formatHex(sha256().digest(manifest.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
