package org.llmfactory.datasets;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Iterator;
import java.util.List;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

/** Makes files of others, row by row, in the normal form. Streams are the caller's to close. */
public final class Datasets {
    private Datasets() {}

    /**
     * How many rows came out.
     *
     * @param first rows of the first output
     * @param second rows of the second output of a split, rows left out by {@code dedupe}, 0 otherwise
     */
    public record Counts(int first, int second) {}

    /**
     * Deals rows to two outputs. A row's side follows from the seed and what it says, so equal rows are on the same side, and
     * the same file splits alike every time. The share is that of chance: exact for many rows only.
     *
     * @param fraction of the rows that go to {@code second}, more than 0 and less than 1
     */
    public static Counts split(Iterator<Row> rows, double fraction, long seed, OutputStream first, OutputStream second)
            throws IOException {
        if (!(fraction > 0 && fraction < 1)) {
            throw new IllegalArgumentException("fraction");
        }
        RowWriter most = new RowWriter(first);
        RowWriter rest = new RowWriter(second);
        while (rows.hasNext()) {
            Row row = rows.next();
            (chance(row, seed) < fraction ? rest : most).write(row);
        }
        return new Counts(most.rows(), rest.rows());
    }

    /** Writes each row once. */
    public static Counts dedupe(Iterator<Row> rows, OutputStream out) throws IOException {
        RowWriter writer = new RowWriter(out);
        Fingerprints seen = new Fingerprints();
        int repeated = 0;
        while (rows.hasNext()) {
            Row row = rows.next();
            if (seen.seen(row).isEmpty()) {
                writer.write(row);
            } else {
                repeated++;
            }
        }
        return new Counts(writer.rows(), repeated);
    }

    /**
     * Writes one file after the other.
     *
     * @throws FactoryException {@code INVALID_FILE} when they do not hold rows of one kind
     */
    public static Counts merge(List<? extends Iterator<Row>> files, OutputStream out) throws IOException {
        RowWriter writer = new RowWriter(out);
        Class<?> kind = null;
        for (Iterator<Row> rows : files) {
            while (rows.hasNext()) {
                Row row = rows.next();
                kind = kind == null ? row.getClass() : kind;
                if (row.getClass() != kind) {
                    throw new FactoryException(
                            ErrorCode.INVALID_FILE, "Conversations, preference pairs and text do not go in one file.");
                }
                writer.write(row);
            }
        }
        return new Counts(writer.rows(), 0);
    }

    /** From 0 to 1, evenly spread over rows that differ. */
    private static double chance(Row row, long seed) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(ByteBuffer.allocate(Long.BYTES).putLong(seed).flip());
            ByteBuffer hash = ByteBuffer.wrap(digest.digest(RowWriter.digest(row)));
            return (hash.getLong() >>> 11) * 0x1.0p-53;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
