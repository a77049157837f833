package org.llmfactory.inference.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.inference.AdapterWeight;
import org.llmfactory.inference.engine.AdapterPin.Entry;
import org.llmfactory.inference.runner.ResidentAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the adapters in the memory of the device. They are loaded on threads of its own, each once however many sequences
 * wait for it; those that no sequence holds are evicted when room is needed, the least recently used first. Room for all
 * adapters of a mix is taken at once, so that two half-loaded mixes never wait for each other.
 *
 * <p>Confined to the step thread: finished loads lie in a mailbox until {@link #settle} is called.
 */
final class AdapterPool implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AdapterPool.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final AdapterSource source;
    private final long capacity;
    private final EngineObserver observer;
    private final Runnable wake;
    private final ExecutorService loaders;
    private final ConcurrentLinkedQueue<Runnable> mailbox = new ConcurrentLinkedQueue<>();
    private final Map<String, Entry> entries = new HashMap<>();
    /** Loaded adapters that nobody holds, the least recently used first. */
    private final LinkedHashMap<String, Entry> idle = new LinkedHashMap<>();

    private long used;
    private List<String> residents = List.of();

    /**
     * @param name of the engine, for the names of threads
     * @param wake called by a loader when a load has ended
     */
    AdapterPool(String name, AdapterSource source, long capacity, int loaders, EngineObserver observer, Runnable wake) {
        this.source = source;
        this.capacity = capacity;
        this.observer = observer;
        this.wake = wake;
        AtomicInteger number = new AtomicInteger();
        this.loaders = Executors.newFixedThreadPool(loaders, task -> {
            Thread thread = new Thread(task, "adapter-loader-" + number.incrementAndGet() + "-" + name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Digests of the adapters in memory. */
    List<String> residents() {
        return residents;
    }

    /** Memory taken by adapters that are loaded or being loaded. */
    long used() {
        return used;
    }

    /** Takes in what the loaders have finished; true when there was anything. */
    boolean settle() {
        boolean any = false;
        for (Runnable letter = mailbox.poll(); letter != null; letter = mailbox.poll()) {
            letter.run();
            any = true;
        }
        return any;
    }

    /**
     * Claims the adapters of a mix and starts to load those that are not there.
     *
     * @param sizes about the memory each takes, by digest
     * @param mayLoad when false, only a mix that is there or being loaded already is given out
     * @return empty when there is no room at present
     */
    Optional<AdapterPin> pin(AdapterMix mix, Map<String, Long> sizes, boolean mayLoad) {
        long missing = 0;
        long mine = 0;
        for (AdapterWeight part : mix.parts()) {
            Entry entry = entries.get(part.digest());
            missing += entry == null ? sizes.getOrDefault(part.digest(), 0L) : 0;
            mine += entry == null ? sizes.getOrDefault(part.digest(), 0L) : entry.bytes;
        }
        boolean complete = mix.parts().stream().allMatch(part -> entries.containsKey(part.digest()));
        if (!complete && mine > capacity) {
            return Optional.of(new AdapterPin(tooLarge(mine)));
        }
        if (!complete && (!mayLoad || !hasRoom(missing, mix))) {
            return Optional.empty();
        }
        List<Entry> pinned = new ArrayList<>();
        for (AdapterWeight part : mix.parts()) {
            Entry entry = entries.get(part.digest());
            if (entry != null) {
                entry.pins++;
                idle.remove(entry.digest);
            }
        }
        evict(missing);
        for (AdapterWeight part : mix.parts()) {
            Entry entry = entries.get(part.digest());
            pinned.add(entry == null ? load(part.digest(), sizes.getOrDefault(part.digest(), 0L)) : entry);
        }
        return Optional.of(new AdapterPin(mix, pinned));
    }

    /** Gives a claim back. */
    void release(AdapterPin pin) {
        for (Entry entry : pin.entries()) {
            entry.pins--;
            rest(entry);
        }
    }

    private boolean hasRoom(long bytes, AdapterMix mix) {
        long evictable = idle.values().stream()
                .filter(entry ->
                        mix.parts().stream().noneMatch(part -> part.digest().equals(entry.digest)))
                .mapToLong(entry -> entry.bytes)
                .sum();
        return used + bytes - evictable <= capacity;
    }

    private Entry load(String digest, long bytes) {
        Entry entry = new Entry(digest, bytes);
        entry.pins = 1;
        entries.put(digest, entry);
        used += bytes;
        loaders.execute(() -> {
            long start = System.nanoTime();
            ResidentAdapter resident = null;
            FactoryException failure = null;
            try {
                resident = source.load(digest);
            } catch (FactoryException e) {
                failure = e;
            } catch (Throwable e) { // whatever it is, the requests that wait for this adapter must hear of it
                log.error("Adapter {} could not be loaded", digest, e);
                failure = new FactoryException(ErrorCode.INTERNAL, "The adapter could not be loaded.", e);
            }
            observer.onAdapterLoad(
                    digest, Duration.ofNanos(System.nanoTime() - start), failure == null ? null : failure.code());
            post(entry, resident, failure);
        });
        return entry;
    }

    private void post(Entry entry, @Nullable ResidentAdapter resident, @Nullable FactoryException failure) {
        mailbox.add(() -> arrive(entry, resident, failure));
        wake.run();
    }

    private void arrive(Entry entry, @Nullable ResidentAdapter resident, @Nullable FactoryException failure) {
        used -= entry.bytes;
        if (resident == null) {
            // The next request tries again.
            entries.remove(entry.digest);
            entry.failure = failure;
            return;
        }
        entry.resident = resident;
        entry.bytes = resident.bytes();
        used += entry.bytes;
        rest(entry);
        evict(0);
        remember();
    }

    private void rest(Entry entry) {
        if (entry.pins == 0 && entry.resident != null) {
            idle.put(entry.digest, entry);
        }
    }

    /** Makes room for so many bytes, as far as that is possible. */
    private void evict(long bytes) {
        while (used + bytes > capacity && !idle.isEmpty()) {
            Entry oldest = idle.values().iterator().next();
            idle.remove(oldest.digest);
            entries.remove(oldest.digest);
            used -= oldest.bytes;
            close(oldest);
            remember();
        }
    }

    private void remember() {
        residents = entries.values().stream()
                .filter(entry -> entry.resident != null)
                .map(entry -> entry.digest)
                .sorted()
                .toList();
    }

    private static void close(Entry entry) {
        ResidentAdapter resident = entry.resident;
        if (resident != null) {
            resident.close();
        }
    }

    private FactoryException tooLarge(long bytes) {
        return FactoryException.ofParameter(
                ErrorCode.INVALID_VALUE,
                "adapters",
                "The adapters of this request take " + (bytes >> 20) + " MiB together; this server holds at most "
                        + (capacity >> 20) + " MiB of adapters. Mix fewer or smaller ones.");
    }

    /** Waits for loads in progress, then frees every adapter. */
    @Override
    public void close() {
        loaders.shutdownNow().forEach(task -> log.debug("Load {} not begun", task));
        try {
            if (!loaders.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                log.error("An adapter is still loading after {} s; its memory is not freed", PATIENCE.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        settle();
        entries.values().forEach(AdapterPool::close);
        entries.clear();
        idle.clear();
        used = 0;
        residents = List.of();
    }
}
