package org.llmfactory.dataplane.stream;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets time pass for all streams, and notices when this agent itself stood still. */
final class Ticker implements AutoCloseable {
    static final Duration PERIOD = Duration.ofMillis(20);

    private static final Logger log = LoggerFactory.getLogger(Ticker.class);
    /** What is late by less is what a busy machine is. */
    private static final long STANDSTILL = Duration.ofMillis(500).toNanos();

    private final Target target;
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "llmfactory-dataplane-ticker");
        thread.setDaemon(true);
        return thread;
    });
    private long last = System.nanoTime();

    Ticker(Target target) {
        this.target = target;
        Future<?> unused = scheduler.scheduleWithFixedDelay(
                this::tick, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** For whom time passes. */
    interface Target {
        /**
         * Some time has passed.
         *
         * @param now see {@link System#nanoTime}
         * @param standstill for how long this agent has not run at all, in nanoseconds; usually 0
         */
        void tick(long now, long standstill);
    }

    private void tick() {
        long now = System.nanoTime();
        long late = now - last - PERIOD.toNanos();
        last = now;
        try {
            target.tick(now, late > STANDSTILL ? late : 0);
        } catch (RuntimeException e) {
            log.warn("The streams could not be looked after; it is tried again at once", e);
        }
    }

    @Override
    public void close() {
        scheduler.shutdownNow();
    }
}
