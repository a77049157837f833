package org.llmfactory.auth.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class FreshCacheTest {
    private final FreshCache<String> cache = new FreshCache<>(10);
    private final AtomicInteger loads = new AtomicInteger();

    private Optional<String> load(String name) {
        loads.incrementAndGet();
        return Optional.of(name + " row");
    }

    @Test
    void rowIsReadOnce() {
        cache.get("a", this::load);

        assertThat(cache.get("a", this::load)).contains("a row");
        assertThat(loads).hasValue(1);
    }

    @Test
    void absenceIsNotKept() {
        cache.get("a", name -> Optional.empty());

        assertThat(cache.get("a", this::load)).contains("a row");
    }

    @Test
    void newsForgetsWhatItIsAbout() {
        cache.get("a", this::load);
        cache.get("b", this::load);

        cache.forget(row -> row.equals("a row"));

        assertThat(cache.present("a")).isEmpty();
        assertThat(cache.present("b")).isPresent();
    }

    @Test
    void whatWasReadWhileNewsCameIsNotKept() {
        cache.get("a", name -> {
            cache.forget(row -> true);
            return Optional.of("stale");
        });

        assertThat(cache.present("a")).isEmpty();
    }
}
