package org.llmfactory.models.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Counts bytes and tells the listener; copies no more than a file has. */
final class Progress {
    private static final int CHUNK = 1 << 16;

    private final long total;
    private final PullListener listener;
    private long bytes;

    Progress(long total, PullListener listener) {
        this.total = total;
        this.listener = listener;
    }

    /** So many bytes are here now; fewer than before mean that they are unpacked now, which does not count again. */
    void at(long bytes) {
        this.bytes = Math.max(this.bytes, Math.min(total, bytes));
        listener.onProgress(this.bytes, total);
    }

    /** Writes a file of the model into its folder. */
    void copy(InputStream in, CatalogFile file, Path folder) throws IOException {
        Path target = folder.resolve(file.path());
        Files.createDirectories(Objects.requireNonNull(target.getParent(), file.path()));
        long begin = bytes;
        long copied = 0;
        byte[] chunk = new byte[CHUNK];
        try (OutputStream out = Files.newOutputStream(target)) {
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                copied += read;
                if (copied > file.size()) {
                    throw new IOException(file.path() + " is longer than its " + file.size() + " bytes");
                }
                out.write(chunk, 0, read);
                at(begin + copied);
            }
        }
    }
}
