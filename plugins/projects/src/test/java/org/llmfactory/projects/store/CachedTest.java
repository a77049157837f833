package org.llmfactory.projects.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class CachedTest {
    private final AtomicInteger database = new AtomicInteger(1);
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicLong time = new AtomicLong();
    private final Cached<Integer> cache = new Cached<>(
            known -> {
                reads.incrementAndGet();
                return database.get();
            },
            time::get);

    @Test
    void aValueIsReadOnce() {
        assertThat(cache.known()).isNull();
        assertThat(cache.get()).isEqualTo(1);
        assertThat(cache.get()).isEqualTo(1);
        assertThat(cache.known()).isEqualTo(1);
        assertThat(reads).hasValue(1);
    }

    @Test
    void newsMakesItReadAgain() {
        cache.get();
        database.set(2);
        assertThat(cache.get()).isEqualTo(1);

        cache.expire();

        assertThat(cache.get()).isEqualTo(2);
        assertThat(reads).hasValue(2);
    }

    @Test
    void newsThatComesWhileReadingMakesItReadOnceMore() {
        AtomicInteger rounds = new AtomicInteger();
        AtomicInteger source = new AtomicInteger(1);
        AtomicInteger expirations = new AtomicInteger(1);
        Object[] itself = new Object[1];
        Cached<Integer> interrupted = new Cached<>(known -> {
            rounds.incrementAndGet();
            int read = source.get();
            if (expirations.getAndDecrement() > 0) {
                source.set(2);
                ((Cached<?>) itself[0]).expire();
            }
            return read;
        });
        itself[0] = interrupted;

        assertThat(interrupted.get()).isEqualTo(1);
        assertThat(interrupted.get()).isEqualTo(2);
        assertThat(rounds).hasValue(2);
    }

    @Test
    void anAgedValueIsLookedAtAgainWithoutNews() {
        cache.get();
        database.set(2);

        time.addAndGet(Cached.AGE.toNanos());
        assertThat(cache.get()).isEqualTo(1);
        time.addAndGet(1);
        assertThat(cache.get()).isEqualTo(2);
        assertThat(cache.get()).isEqualTo(2);
        assertThat(reads).hasValue(2);
    }

    @Test
    void whatCannotBeReadIsTriedAgain() {
        AtomicInteger tries = new AtomicInteger();
        Cached<Integer> failing = new Cached<>(known -> {
            if (tries.incrementAndGet() == 1) {
                throw new IllegalStateException("no database");
            }
            return 7;
        });

        assertThatIllegalStateException().isThrownBy(failing::get);
        assertThat(failing.get()).isEqualTo(7);
    }
}
