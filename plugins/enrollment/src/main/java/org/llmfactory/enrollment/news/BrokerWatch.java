package org.llmfactory.enrollment.news;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llmfactory.messaging.link.LocalBroker;

/** The broker of this controller, which comes once the controller has a certificate. */
public final class BrokerWatch {
    private @Nullable LocalBroker broker;

    /** It takes connections. */
    public synchronized void set(LocalBroker present) {
        broker = present;
        notifyAll();
    }

    /** It is there no longer. */
    public synchronized void unset(LocalBroker gone) {
        if (broker == gone) {
            broker = null;
        }
    }

    public synchronized Optional<LocalBroker> get() {
        return Optional.ofNullable(broker);
    }

    /** Waits until it is there; empty when the deadline passed first. */
    public synchronized Optional<LocalBroker> await(Duration deadline) throws InterruptedException {
        long end = System.nanoTime() + deadline.toNanos();
        while (broker == null) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return Optional.empty();
            }
            wait(left);
        }
        return Optional.of(broker);
    }
}
