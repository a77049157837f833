package org.llmfactory.executor.detached;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** What a detached process writes: a file, and the one before it when it has become too large. */
final class OutputLog {
    private final Path file;
    private final long maximum;

    /**
     * A log.
     *
     * @param maximum bytes of each of the two files
     */
    OutputLog(Path file, long maximum) {
        this.file = file;
        this.maximum = maximum;
    }

    /** Takes everything until the end of it. */
    void take(InputStream output) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        byte[] buffer = new byte[8_192];
        int read = output.read(buffer);
        while (read >= 0) {
            long size = Files.exists(file) ? Files.size(file) : 0;
            try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                while (read >= 0 && size < maximum) {
                    out.write(buffer, 0, read);
                    size += read;
                    read = output.read(buffer);
                }
            }
            if (size >= maximum) {
                Files.move(file, before(), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /** The end of it, which may begin in the middle of a line. */
    String tail(int bytes) throws IOException {
        String newest = tail(file, bytes);
        int left = bytes - newest.length();
        return left > 0 ? tail(before(), left) + newest : newest;
    }

    private static String tail(Path file, int bytes) throws IOException {
        if (Files.notExists(file)) {
            return "";
        }
        try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "r")) {
            long length = content.length();
            byte[] end = new byte[(int) Math.min(bytes, length)];
            content.seek(length - end.length);
            content.readFully(end);
            return new String(end, StandardCharsets.UTF_8);
        }
    }

    private Path before() {
        return file.resolveSibling(file.getFileName() + ".1");
    }
}
