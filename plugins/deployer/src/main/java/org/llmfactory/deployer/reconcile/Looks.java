package org.llmfactory.deployer.reconcile;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that reconciles: looks now and then, and soon after news, however much there is of it. */
final class Looks implements Executor, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Looks.class);
    private static final Duration SOON = Duration.ofMillis(50);
    private static final Duration END = Duration.ofSeconds(5);

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "llmfactory-deployer");
        made.setDaemon(true);
        return made;
    });
    private final AtomicBoolean announced = new AtomicBoolean();
    private volatile Runnable look = () -> {};

    /** Begins to look. */
    @SuppressWarnings("FutureReturnValueIgnored") // ends with the thread; failures are logged
    void start(Runnable what, Duration interval) {
        look = what;
        thread.scheduleWithFixedDelay(this::run, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Asks for a look soon; from any thread. */
    @SuppressWarnings("FutureReturnValueIgnored") // failures are logged
    void announce() {
        if (announced.compareAndSet(false, true)) {
            try {
                thread.schedule(
                        () -> {
                            announced.set(false);
                            run();
                        },
                        SOON.toMillis(),
                        TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                LOG.debug("Nothing is looked at any more", e);
            }
        }
    }

    @Override
    public void execute(Runnable task) {
        try {
            thread.execute(() -> guarded(task));
        } catch (RejectedExecutionException e) {
            LOG.debug("An answer came after the end", e);
        }
    }

    private void run() {
        guarded(look);
    }

    /** A database that does not answer now answers later. */
    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.warn("Deployments could not be looked at; it is tried again", e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(END.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("The deployer's thread does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
