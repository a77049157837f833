package org.llmfactory.inference.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The sequences that wait. Of one tenant the oldest comes first; between tenants the one that had least service does, and
 * of two equals the one whose sequence is older.
 */
final class WaitingQueue {
    private final FairShare share;
    private final Map<String, TreeMap<Long, Sequence>> tenants = new TreeMap<>();
    private int size;

    WaitingQueue(FairShare share) {
        this.share = share;
    }

    int size() {
        return size;
    }

    /** Takes a sequence in, at the place its age gives it. */
    void add(Sequence sequence) {
        tenants.computeIfAbsent(sequence.tenant(), any -> new TreeMap<>()).put(sequence.number(), sequence);
        size++;
    }

    /** Takes a sequence out; false when it was not here. */
    boolean remove(Sequence sequence) {
        TreeMap<Long, Sequence> own = tenants.get(sequence.tenant());
        if (own == null || own.remove(sequence.number()) == null) {
            return false;
        }
        if (own.isEmpty()) {
            tenants.remove(sequence.tenant());
        }
        size--;
        return true;
    }

    void addAllTo(Collection<Sequence> target) {
        tenants.values().forEach(own -> target.addAll(own.values()));
    }

    /** A walk through all that wait, fairest first; service charged on the way counts. */
    Scan scan() {
        return new Scan();
    }

    /** Nothing is taken out of the queue by walking it. */
    final class Scan {
        private static final class Row {
            private final Iterator<Sequence> rest;
            private Sequence head;

            Row(Iterator<Sequence> rest) {
                this.rest = rest;
                this.head = rest.next();
            }

            boolean advance() {
                if (!rest.hasNext()) {
                    return false;
                }
                head = rest.next();
                return true;
            }
        }

        private final List<Row> rows = new ArrayList<>();

        private Scan() {
            // Copies, since sequences are removed from the queue during the walk.
            tenants.values().forEach(own -> rows.add(new Row(new ArrayList<>(own.values()).iterator())));
        }

        /** The next one, or null at the end. */
        @Nullable
        Sequence next() {
            if (rows.isEmpty()) {
                return null;
            }
            Row fairest = Collections.min(
                    rows,
                    Comparator.<Row>comparingDouble(row -> share.service(row.head.tenant()))
                            .thenComparingLong(row -> row.head.number()));
            Sequence sequence = fairest.head;
            if (!fairest.advance()) {
                rows.remove(fairest);
            }
            return sequence;
        }
    }
}
