package org.llmfactory.ledger.usage;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Cuts a range of time into buckets. Their bounds are whole minutes, hours or days of UTC; the first and the last are cut
 * short by the range. All times are minutes since 1970.
 *
 * @param buckets of this page, oldest first
 * @param next where the next page begins; empty after the last
 */
public record Buckets(List<Bucket> buckets, OptionalLong next) {
    /**
     * A stretch of time.
     *
     * @param index of the whole minute, hour or day
     * @param from inclusive
     * @param until exclusive
     */
    public record Bucket(long index, long from, long until) {}

    public Buckets {
        buckets = List.copyOf(buckets);
    }

    /**
     * The buckets of a page.
     *
     * @param from inclusive
     * @param until exclusive
     * @param limit buckets at most
     */
    public static Buckets page(long from, long until, Width width, int limit) {
        List<Bucket> buckets = new ArrayList<>();
        long begin = from;
        while (begin < until && buckets.size() < limit) {
            long index = begin / width.minutes();
            long end = Math.min(until, (index + 1) * width.minutes());
            buckets.add(new Bucket(index, begin, end));
            begin = end;
        }
        return new Buckets(buckets, begin < until ? OptionalLong.of(begin) : OptionalLong.empty());
    }

    /** Where the page ends, exclusive. */
    public long until(long from) {
        return buckets.isEmpty() ? from : buckets.get(buckets.size() - 1).until();
    }
}
