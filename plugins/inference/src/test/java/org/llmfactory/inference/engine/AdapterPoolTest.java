package org.llmfactory.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.inference.AdapterWeight;

final class AdapterPoolTest {
    private final ScriptedAdapters source =
            new ScriptedAdapters().with("a", 10).with("b", 10).with("c", 10).with("big", 25);
    private final Semaphore arrivals = new Semaphore(0);
    private final AdapterPool pool = new AdapterPool("base", source, 30, 2, EngineObserver.NONE, arrivals::release);

    @AfterEach
    void close() {
        pool.close();
        assertThat(source.bytesInMemory()).isZero();
    }

    @Test
    void aMixOfNothingIsReadyAtOnce() {
        AdapterPin pin = pool.pin(mix(), source.sizesOf(), true).orElseThrow();

        assertThat(pin.isReady()).isTrue();
        assertThat(pin.adapters()).isEmpty();
    }

    @Test
    void theLeastRecentlyUsedAdapterGivesWay() throws InterruptedException {
        for (String digest : List.of("a", "b", "c", "a")) {
            pool.release(load(digest));
        }

        pool.release(load("big"));

        assertThat(pool.residents()).containsExactly("big");
        assertThat(source.bytesInMemory()).isEqualTo(25);
        pool.release(load("a"));
        assertThat(source.loads()).containsExactly("a", "b", "c", "big", "a");
    }

    @Test
    void onlyAsManyAreEvictedAsNeeded() throws InterruptedException {
        source.with("d", 10);
        for (String digest : List.of("a", "b", "c", "a")) {
            pool.release(load(digest));
        }

        pool.release(load("d"));

        assertThat(pool.residents()).containsExactly("a", "c", "d");
    }

    @Test
    void anAdapterThatIsHeldIsNotEvicted() throws InterruptedException {
        AdapterPin a = load("a");
        pool.release(load("b"));

        assertThat(pin("big")).isEmpty();
        assertThat(pool.residents()).containsExactly("a", "b");

        pool.release(a);
        assertThat(pin("big")).isPresent();
    }

    @Test
    void roomForAMixIsTakenAsAWhole() throws InterruptedException {
        AdapterPin a = load("a");
        source.with("d", 15);

        assertThat(pin("c", "d")).isEmpty();
        assertThat(source.loads()).containsExactly("a");

        pool.release(a);
        assertThat(pin("c", "d")).isPresent();
        assertThat(pool.used()).isEqualTo(25);
    }

    @Test
    void nothingIsLoadedForOneWhoMayNot() {
        assertThat(pool.pin(mix("a"), source.sizesOf("a"), false)).isEmpty();
        assertThat(source.loads()).isEmpty();
    }

    @Test
    void aLoadNobodyWaitsForAnyLongerStaysAsUnused() throws InterruptedException {
        source.hold("a");
        AdapterPin pin = pin("a").orElseThrow();
        pool.release(pin);
        source.letGo("a");
        settle();

        assertThat(pool.residents()).containsExactly("a");
        assertThat(pin("a").orElseThrow().isReady()).isTrue();
    }

    @Test
    void whatWasReservedForAFailedLoadIsFreeAgain() throws InterruptedException {
        source.failWith("big", new IllegalStateException("broken"));
        AdapterPin pin = pin("big").orElseThrow();
        settle();

        assertThat(pin.failure()).isNotNull();
        assertThat(pool.used()).isZero();
        pool.release(pin);
    }

    @Test
    void anAdapterLargerThanItWasSaidToBeIsCountedAsItIs() throws InterruptedException {
        AdapterPin pin = pool.pin(mix("big"), Map.of("big", 1L), true).orElseThrow();
        settle();

        assertThat(pin.isReady()).isTrue();
        assertThat(pool.used()).isEqualTo(25);
    }

    @Test
    void closingWhileALoadIsUnderWayFreesWhatItBrings() throws InterruptedException {
        CountDownLatch closed = new CountDownLatch(1);
        source.hold("a");
        assertThat(pin("a")).isPresent();
        Thread closer = new Thread(() -> {
            pool.close();
            closed.countDown();
        });
        closer.start();
        source.letGo("a");

        assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(source.bytesInMemory()).isZero();
    }

    private AdapterPin load(String digest) throws InterruptedException {
        AdapterPin pin = pin(digest).orElseThrow();
        if (!pin.isReady()) {
            settle();
        }
        assertThat(pin.isReady()).isTrue();
        return pin;
    }

    private Optional<AdapterPin> pin(String... digests) {
        return pool.pin(mix(digests), source.sizesOf(digests), true);
    }

    private void settle() throws InterruptedException {
        assertThat(arrivals.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        pool.settle();
    }

    private static AdapterMix mix(String... digests) {
        return AdapterMix.of(Arrays.stream(digests)
                .map(digest -> new AdapterWeight(digest, 1))
                .toList());
    }
}
