package org.llmfactory.ledger.journal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * A file that grows by whole lines of ASCII, which are on the disk when they are written. Safe for use by several threads.
 * Not a channel: an interrupted thread would close it for all.
 */
final class JournalFile implements Closeable {
    private final Path path;
    private final RandomAccessFile file;
    /** Where the last whole line ends; what may lie behind it after a failure counts for nothing. */
    private long end;

    private boolean damaged;

    /** Opens a file, which is made when there is none, for its owner alone; its folder is there. */
    JournalFile(Path path) throws IOException {
        this.path = path;
        try {
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException earlier) {
            // It is gone on with.
        }
        this.file = new RandomAccessFile(path.toFile(), "rw");
        this.end = wholeLines(Files.readAllBytes(path));
        this.damaged = file.length() > end;
    }

    private static long wholeLines(byte[] content) {
        int end = content.length;
        while (end > 0 && content[end - 1] != '\n') {
            end--;
        }
        return end;
    }

    /** All lines. */
    synchronized List<String> lines() throws IOException {
        byte[] content = Files.readAllBytes(path);
        return new String(content, 0, Math.toIntExact(end), US_ASCII).lines().toList();
    }

    /**
     * Adds lines, all or none. When it returns, they survive the process and the machine.
     *
     * @return where the file ends now
     * @throws IOException when the disk refuses; no line is there then
     */
    synchronized long append(List<String> lines) throws IOException {
        if (damaged) {
            cut();
        }
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            text.append(line).append('\n');
        }
        byte[] bytes = text.toString().getBytes(US_ASCII);
        damaged = true;
        file.seek(end);
        file.write(bytes);
        file.getFD().sync();
        end += bytes.length;
        damaged = false;
        return end;
    }

    /** Removes all lines, unless more have come since the file ended there; says whether it has. */
    synchronized boolean clear(long expectedEnd) throws IOException {
        if (end != expectedEnd) {
            return false;
        }
        damaged = true;
        end = 0;
        cut();
        return true;
    }

    private void cut() throws IOException {
        file.setLength(end);
        file.getFD().sync();
        damaged = false;
    }

    /** Where the file ends, in bytes. */
    synchronized long end() {
        return end;
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }
}
