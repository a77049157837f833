package org.llmfactory.inference.engine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.inference.runner.ResidentAdapter;

/** Adapters that consist of a name and a size. Loading one can be held up or made to fail. */
final class ScriptedAdapters implements AdapterSource {
    /** An adapter in memory; knows whether it has been freed. */
    static final class Resident implements ResidentAdapter {
        private final String digest;
        private final long bytes;
        private final AtomicBoolean closed = new AtomicBoolean();

        Resident(String digest, long bytes) {
            this.digest = digest;
            this.bytes = bytes;
        }

        String digest() {
            return digest;
        }

        boolean isClosed() {
            return closed.get();
        }

        @Override
        public long bytes() {
            return bytes;
        }

        @Override
        public void close() {
            if (!closed.compareAndSet(false, true)) {
                throw new IllegalStateException(digest + " freed twice");
            }
        }
    }

    private final Map<String, Long> sizes = new ConcurrentHashMap<>();
    private final Map<String, CountDownLatch> held = new ConcurrentHashMap<>();
    private final Map<String, RuntimeException> failures = new ConcurrentHashMap<>();
    private final List<String> loads = new CopyOnWriteArrayList<>();
    private final List<Resident> residents = new CopyOnWriteArrayList<>();

    ScriptedAdapters with(String digest, long bytes) {
        sizes.put(digest, bytes);
        return this;
    }

    /** Registers nobody's adapter any longer. */
    void remove(String digest) {
        sizes.remove(digest);
    }

    /** Loads of this adapter wait until {@link #letGo}. */
    void hold(String digest) {
        held.put(digest, new CountDownLatch(1));
    }

    void letGo(String digest) {
        held.get(digest).countDown();
    }

    void failWith(String digest, RuntimeException failure) {
        failures.put(digest, failure);
    }

    void repair(String digest) {
        failures.remove(digest);
    }

    /** Digests in the order in which their loads began. */
    List<String> loads() {
        return List.copyOf(loads);
    }

    /** Every adapter that was ever in memory. */
    List<Resident> residents() {
        return List.copyOf(residents);
    }

    long bytesInMemory() {
        return residents.stream()
                .filter(resident -> !resident.isClosed())
                .mapToLong(Resident::bytes)
                .sum();
    }

    @Override
    public long find(String digest) {
        Long bytes = sizes.get(digest);
        if (bytes == null) {
            throw new FactoryException(ErrorCode.MODEL_NOT_FOUND, "There is no adapter " + digest);
        }
        return bytes;
    }

    @Override
    public ResidentAdapter load(String digest) {
        loads.add(digest);
        CountDownLatch latch = held.get(digest);
        try {
            if (latch != null && !latch.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException(digest + " was never let go");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FactoryException(ErrorCode.INTERNAL, "interrupted", e);
        }
        if (failures.containsKey(digest)) {
            throw failures.get(digest);
        }
        Resident resident = new Resident(digest, find(digest));
        residents.add(resident);
        return resident;
    }

    /** About the memory of several adapters, as the engine hands it to its pool. */
    Map<String, Long> sizesOf(String... digests) {
        Map<String, Long> result = new HashMap<>();
        for (String digest : digests) {
            result.put(digest, find(digest));
        }
        return result;
    }
}
