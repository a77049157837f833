package org.llmfactory.datasets;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

/** Chooses rows of files, one by one; {@link RowStream} makes a file of them. */
public final class Datasets {
    private Datasets() {}

    /** The two sides of a split. */
    public enum Side {
        /** The rows that are left. */
        REST,
        /** The fraction that is held out. */
        HELD_OUT
    }

    /**
     * One side of a split. A row's side follows from the seed and what it says, so equal rows are on the same side, and the
     * same file splits alike every time. The share is that of chance: near the fraction for many rows only.
     *
     * @param fraction of the rows that are held out, more than 0 and less than 1
     */
    public static Iterator<Row> split(Iterator<Row> rows, double fraction, long seed, Side side) {
        if (!(fraction > 0 && fraction < 1)) {
            throw new IllegalArgumentException("fraction");
        }
        return new Chosen(rows, row -> (chance(row, seed) < fraction) == (side == Side.HELD_OUT));
    }

    /** Each row once, where it occurs first. */
    public static Iterator<Row> distinct(Iterator<Row> rows) {
        Fingerprints seen = new Fingerprints();
        return new Chosen(rows, row -> seen.seen(row).isEmpty());
    }

    /**
     * One file after the other. Its rows throw {@link FactoryException} {@code INVALID_FILE} when they are not of one kind.
     */
    public static Iterator<Row> merge(List<? extends Iterator<Row>> files) {
        return new Chosen(new Joined(files.iterator()), new OneKind());
    }

    /**
     * What differs between two files, as sets of rows.
     *
     * @param added rows that only the second file has, and where the first of them are in it
     * @param removed rows that only the first file has, and where the first of them are in it
     * @param common rows that both have
     */
    public record Difference(DatasetReport.Occurrences added, DatasetReport.Occurrences removed, int common) {}

    /** Compares two files; reads both to their ends. */
    public static Difference difference(Iterator<Row> before, Iterator<Row> after) {
        Fingerprints old = new Fingerprints();
        before.forEachRemaining(old::seen);
        Fingerprints young = new Fingerprints();
        after.forEachRemaining(young::seen);
        return new Difference(
                young.without(old),
                old.without(young),
                young.size() - young.without(old).rows());
    }

    /** From 0 to 1, evenly spread over rows that differ. */
    private static double chance(Row row, long seed) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(ByteBuffer.allocate(Long.BYTES).putLong(seed).flip());
            ByteBuffer hash = ByteBuffer.wrap(digest.digest(RowJson.digest(row)));
            return (hash.getLong() >>> 11) * 0x1.0p-53;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class OneKind implements Predicate<Row> {
        private @Nullable Class<?> kind;

        @Override
        public boolean test(Row row) {
            if (kind != null && row.getClass() != kind) {
                throw new FactoryException(
                        ErrorCode.INVALID_FILE, "Conversations, preference pairs and text do not go in one file.");
            }
            kind = row.getClass();
            return true;
        }
    }

    private static final class Joined implements Iterator<Row> {
        private final Iterator<? extends Iterator<Row>> files;
        private Iterator<Row> rows = Collections.emptyIterator();

        Joined(Iterator<? extends Iterator<Row>> files) {
            this.files = files;
        }

        @Override
        public boolean hasNext() {
            while (!rows.hasNext() && files.hasNext()) {
                rows = files.next();
            }
            return rows.hasNext();
        }

        @Override
        public Row next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return rows.next();
        }
    }

    private static final class Chosen implements Iterator<Row> {
        private final Iterator<Row> rows;
        private final Predicate<Row> choice;
        private @Nullable Row ahead;

        Chosen(Iterator<Row> rows, Predicate<Row> choice) {
            this.rows = rows;
            this.choice = choice;
        }

        @Override
        public boolean hasNext() {
            while (ahead == null && rows.hasNext()) {
                Row row = rows.next();
                ahead = choice.test(row) ? row : null;
            }
            return ahead != null;
        }

        @Override
        public Row next() {
            if (!hasNext() || ahead == null) {
                throw new NoSuchElementException();
            }
            Row row = ahead;
            ahead = null;
            return row;
        }
    }
}
