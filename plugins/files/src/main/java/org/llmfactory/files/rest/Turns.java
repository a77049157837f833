package org.llmfactory.files.rest;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

/** Bounds how many files are read through at once, since each takes a processor and memory for its rows. */
final class Turns {
    private static final Semaphore FREE = new Semaphore(4);

    private Turns() {}

    /**
     * Does the work now or not at all.
     *
     * @throws FactoryException {@code OVERLOADED} when enough are at work
     */
    static <T> T take(Supplier<T> work) {
        if (!FREE.tryAcquire()) {
            throw FactoryException.retryLater(
                    ErrorCode.OVERLOADED, Duration.ofSeconds(5), "Enough files are being read through; try again.");
        }
        try {
            return work.get();
        } finally {
            FREE.release();
        }
    }
}
