package org.llmfactory.dataplane.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Digests of files, remembered for those that were asked for last and have not changed since. Safe for several threads. */
final class FileDigests {
    private static final int REMEMBERED = 1024;
    private static final int BUFFER = 128 * 1024;

    private final Map<Version, String> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Version, String> eldest) {
            return size() > REMEMBERED;
        }
    };

    private record Version(Path file, long size, long modified) {}

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** 64 lower-case hex digits. */
    String of(Path file) throws IOException {
        Version version = new Version(
                file, Files.size(file), Files.getLastModifiedTime(file).toMillis());
        Optional<String> remembered = find(version);
        if (remembered.isPresent()) {
            return remembered.get();
        }
        String digest = compute(file);
        remember(version, digest);
        return digest;
    }

    private synchronized Optional<String> find(Version version) {
        return Optional.ofNullable(known.get(version));
    }

    private synchronized void remember(Version version, String digest) {
        known.put(version, digest);
    }

    private static String compute(Path file) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
