package org.llmfactory.auth.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Rows that were read lately, bounded, and never older than the last news: what was being read while news came is not kept.
 * Safe for use by several threads.
 */
public final class FreshCache<V> {
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final AtomicLong news = new AtomicLong();
    private final Cache<String, V> rows;

    public FreshCache(int maximum) {
        this.rows = Caffeine.newBuilder()
                .maximumSize(maximum)
                .expireAfterWrite(LONGEST)
                .build();
    }

    /** What is in memory under a name. */
    public Optional<V> present(String name) {
        return Optional.ofNullable(rows.getIfPresent(name));
    }

    /** What is in memory under a name, or else what {@code load} finds. */
    public Optional<V> get(String name, Function<String, Optional<V>> load) {
        Optional<V> present = present(name);
        if (present.isPresent()) {
            return present;
        }
        long before = news.get();
        Optional<V> loaded = load.apply(name);
        loaded.ifPresent(row -> {
            rows.put(name, row);
            if (news.get() != before) {
                rows.invalidate(name);
            }
        });
        return loaded;
    }

    /** Forgets what the news are about. */
    public void forget(Predicate<V> changed) {
        news.incrementAndGet();
        rows.asMap().values().removeIf(changed);
    }
}
