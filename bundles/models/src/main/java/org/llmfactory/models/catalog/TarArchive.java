package org.llmfactory.models.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** A gzipped tar file, as {@code npm pack} leaves it. Links and devices in it are passed over. */
final class TarArchive implements PackageArchive {
    private static final int BLOCK = 512;
    private static final int LONGEST_HEADER = 1 << 16;

    private final InputStream in;

    TarArchive(Path file) throws IOException {
        this.in = new GZIPInputStream(Files.newInputStream(file), 1 << 16);
    }

    @Override
    public void extract(List<CatalogFile> files, String folder, Path target, Progress progress) throws IOException {
        Map<String, CatalogFile> wanted = new HashMap<>();
        files.forEach(file -> wanted.put(PackageArchive.nameOf(file, folder), file));
        String longName = "";
        byte[] header = in.readNBytes(BLOCK);
        while (header.length == BLOCK && header[0] != 0 && !wanted.isEmpty()) {
            long size = number(header, 124, 12);
            char type = (char) header[156];
            String name = longName.isEmpty() ? name(header) : longName;
            longName = "";
            if (type == 'x') {
                longName = paxPath(read(size));
            } else if (type == 'L') {
                longName = text(read(size), 0, (int) size);
            } else {
                entry(type == '0' || type == 0 ? wanted.remove(name) : null, size, target, progress);
            }
            in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
            header = in.readNBytes(BLOCK);
        }
        if (!wanted.isEmpty()) {
            throw new IOException(
                    "the package does not hold " + wanted.keySet().iterator().next());
        }
    }

    private void entry(@Nullable CatalogFile file, long size, Path target, Progress progress) throws IOException {
        if (file == null) {
            in.skipNBytes(size);
        } else if (size != file.size()) {
            throw new IOException(file.path() + " has " + size + " bytes, not " + file.size());
        } else {
            progress.copy(new Part(in, size), file, target);
        }
    }

    private byte[] read(long size) throws IOException {
        if (size > LONGEST_HEADER) {
            throw new IOException("the package has an overlong header");
        }
        byte[] bytes = in.readNBytes((int) size);
        if (bytes.length < size) {
            throw new EOFException("the package is cut short");
        }
        return bytes;
    }

    private static String name(byte[] header) {
        String prefix = text(header, 257, 5).equals("ustar") ? text(header, 345, 155) : "";
        return prefix.isEmpty() ? text(header, 0, 100) : prefix + "/" + text(header, 0, 100);
    }

    private static String text(byte[] bytes, int from, int length) {
        int end = from;
        while (end < from + length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, from, end - from, UTF_8);
    }

    private static long number(byte[] header, int from, int length) throws IOException {
        try {
            return Long.parseUnsignedLong(text(header, from, length).strip(), 8);
        } catch (NumberFormatException e) {
            throw new IOException("the package has a malformed header", e);
        }
    }

    /** The path among records of {@code <length> <key>=<value>}; empty when there is none. */
    private static String paxPath(byte[] records) {
        return new String(records, UTF_8)
                .lines()
                .map(line -> line.substring(line.indexOf(' ') + 1))
                .filter(line -> line.startsWith("path="))
                .map(line -> line.substring("path=".length()))
                .findFirst()
                .orElse("");
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /** So many bytes of a longer stream. */
    private static final class Part extends InputStream {
        private final InputStream whole;
        private long left;

        Part(InputStream whole, long size) {
            this.whole = whole;
            this.left = size;
        }

        @Override
        public int read() throws IOException {
            byte[] single = new byte[1];
            return read(single, 0, 1) < 0 ? -1 : single[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int count = whole.read(target, offset, (int) Math.min(length, left));
            if (count < 0) {
                throw new EOFException("the package is cut short");
            }
            left -= count;
            return count;
        }
    }
}
