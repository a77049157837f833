package org.llmfactory.projects.store;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A value read from the database and kept until news comes that it may be old. Many threads ask; one of them reads.
 *
 * @param <T> immutable
 */
final class Cached<T> {
    /** Reads the value of now. */
    interface Reader<T> {
        /**
         * The value of now.
         *
         * @param known the newest value known, to be given back when nothing has changed; null when there is none
         */
        T read(@Nullable T known);
    }

    private record Held<T>(T value, long stamp) {}

    private final Reader<T> reader;
    private final AtomicLong news = new AtomicLong();
    private volatile @Nullable Held<T> held;

    Cached(Reader<T> reader) {
        this.reader = reader;
    }

    /** The value; no older than the last news that came before the call. */
    T get() {
        Held<T> known = held;
        return known != null && known.stamp() == news.get() ? known.value() : refresh();
    }

    /** The newest value that is known without looking; null when there is none. */
    @Nullable
    T known() {
        Held<T> known = held;
        return known == null ? null : known.value();
    }

    private synchronized T refresh() {
        long stamp = news.get();
        Held<T> known = held;
        if (known != null && known.stamp() == stamp) {
            return known.value();
        }
        T value = reader.read(known == null ? null : known.value());
        held = new Held<>(value, stamp);
        return value;
    }

    /** News came: from now on nobody gets what was read before. */
    void expire() {
        news.incrementAndGet();
    }
}
