package org.llmfactory.inference.engine;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Lets the step thread sleep until there is something to do. Signals while it is awake are not lost, nor counted. */
final class Wakeup {
    private final Semaphore signals = new Semaphore(0);

    void signal() {
        signals.release();
    }

    /** Waits for a signal, at most so long. */
    void await(Duration atMost) throws InterruptedException {
        if (signals.tryAcquire(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
            signals.drainPermits();
        }
    }
}
