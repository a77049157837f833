package org.llmfactory.datasets;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Which rows have been seen, by the first half of their SHA-256, and where first. Holds about a hundred bytes a row, and no
 * more than {@value #MAXIMUM} rows.
 */
final class Fingerprints {
    static final int MAXIMUM = 4_000_000;

    private final Map<Key, Integer> first = new HashMap<>();

    private record Key(long high, long low) {
        static Key of(byte[] digest) {
            ByteBuffer bytes = ByteBuffer.wrap(digest);
            return new Key(bytes.getLong(), bytes.getLong());
        }
    }

    /** Where the same row was seen before; empty when it is new, and remembered. */
    OptionalInt seen(Row row) {
        if (first.size() >= MAXIMUM) {
            throw Detection.invalid("The file has more than " + MAXIMUM + " different rows.");
        }
        Integer before = first.putIfAbsent(Key.of(RowJson.digest(row)), row.line());
        return before == null ? OptionalInt.empty() : OptionalInt.of(before);
    }

    int size() {
        return first.size();
    }

    /** The rows that were seen here and not there. */
    DatasetReport.Occurrences without(Fingerprints there) {
        List<Integer> lines = first.entrySet().stream()
                .filter(row -> !there.first.containsKey(row.getKey()))
                .map(Map.Entry::getValue)
                .sorted()
                .toList();
        return new DatasetReport.Occurrences(
                lines.size(), lines.subList(0, Math.min(lines.size(), ReportBuilder.MAXIMUM_LINES)));
    }
}
