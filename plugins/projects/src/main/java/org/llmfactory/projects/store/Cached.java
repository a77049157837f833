package org.llmfactory.projects.store;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A value read from the database and kept until news comes that it may be old, and looked at again after a while even
 * without: an agent that dies right after a commit tells nobody. Many threads ask; one of them reads.
 *
 * @param <T> immutable
 */
final class Cached<T> {
    /** When to look again without news. */
    static final Duration AGE = Duration.ofSeconds(5);

    /** Reads the value of now. */
    interface Reader<T> {
        /**
         * The value of now.
         *
         * @param known the newest value known, to be given back when nothing has changed; null when there is none
         */
        T read(@Nullable T known);
    }

    private record Held<T>(T value, long stamp, long readAt) {}

    private final Reader<T> reader;
    private final LongSupplier nanoTime;
    private final AtomicLong news = new AtomicLong();
    private final ReentrantLock reading = new ReentrantLock();
    private volatile @Nullable Held<T> held;

    Cached(Reader<T> reader) {
        this(reader, System::nanoTime);
    }

    Cached(Reader<T> reader, LongSupplier nanoTime) {
        this.reader = reader;
        this.nanoTime = nanoTime;
    }

    /** The value; no older than the last news that came before the call. */
    T get() {
        Held<T> known = held;
        if (known == null || known.stamp() != news.get()) {
            return refresh();
        }
        boolean aged = nanoTime.getAsLong() - known.readAt() > AGE.toNanos();
        return aged && reading.tryLock() ? refreshAlone() : known.value();
    }

    /** The newest value that is known without looking; null when there is none. */
    @Nullable
    T known() {
        Held<T> known = held;
        return known == null ? null : known.value();
    }

    private T refresh() {
        reading.lock();
        return refreshAlone();
    }

    /** Reads unless another thread has just done so; gives the lock back. */
    private T refreshAlone() {
        try {
            long stamp = news.get();
            long now = nanoTime.getAsLong();
            Held<T> known = held;
            if (known != null && known.stamp() == stamp && now - known.readAt() <= AGE.toNanos()) {
                return known.value();
            }
            T value = reader.read(known == null ? null : known.value());
            held = new Held<>(value, stamp, now);
            return value;
        } finally {
            reading.unlock();
        }
    }

    /** News came: from now on nobody gets what was read before. */
    void expire() {
        news.incrementAndGet();
    }
}
