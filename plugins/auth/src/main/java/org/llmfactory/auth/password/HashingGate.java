package org.llmfactory.auth.password;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

/** Lets few hashes be computed at a time, and few wait for it: each takes a good deal of memory and a core. */
final class HashingGate {
    private static final Duration RETRY = Duration.ofSeconds(5);

    private static final int QUEUE = 32;

    private final Semaphore places;
    private final Duration patience;

    HashingGate(int places, Duration patience) {
        this.places = new Semaphore(places, true);
        this.patience = patience;
    }

    /** @throws FactoryException {@code OVERLOADED} when no place becomes free in time */
    <T> T compute(Supplier<T> hashing) {
        try {
            if (places.getQueueLength() >= QUEUE || !places.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw FactoryException.retryLater(
                        ErrorCode.OVERLOADED, RETRY, "Too many people are signing in at once; try again in a moment.");
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw FactoryException.retryLater(ErrorCode.OVERLOADED, RETRY, "The platform is stopping.");
        }
        try {
            return hashing.get();
        } finally {
            places.release();
        }
    }
}
