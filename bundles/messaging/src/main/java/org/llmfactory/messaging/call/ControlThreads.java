package org.llmfactory.messaging.call;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of the control plane, apart by what may hold them up: actions by their work, messages by the connection,
 * continuations by whoever called, the timer by nothing.
 */
final class ControlThreads implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlThreads.class);
    private static final int CLOSING_SECONDS = 5;
    private static final int MESSAGE_THREADS = 4;
    private static final int CONTINUATION_THREADS = 2;
    private static final int QUEUED_MESSAGES = 4096;
    private static final int QUEUED_CALLS_PER_THREAD = 16;
    private static final int IDLE_SECONDS = 30;

    private final ThreadPoolExecutor actions;
    private final ThreadPoolExecutor messages = pool("messages", MESSAGE_THREADS, QUEUED_MESSAGES);
    /** Not bounded itself; what it completes is: the open calls are counted. */
    private final ThreadPoolExecutor continuations = pool("continuations", CONTINUATION_THREADS, Integer.MAX_VALUE);

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, named("timer"));

    ControlThreads(int actionThreads) {
        actions = pool("actions", actionThreads, actionThreads * QUEUED_CALLS_PER_THREAD);
        timer.setRemoveOnCancelPolicy(true);
    }

    /** Performs actions; refuses when too many wait. */
    ExecutorService actions() {
        return actions;
    }

    Executor continuations() {
        return continuations;
    }

    /** Makes and sends messages; what is too much is lost, as on the way. */
    void send(Runnable sending) {
        try {
            messages.execute(() -> guarded(sending));
        } catch (RejectedExecutionException e) {
            if (!messages.isShutdown()) {
                LOG.warn("A control message is not sent: {} wait already", QUEUED_MESSAGES);
            }
        }
    }

    /** Does something short later, unless the control plane has ended by then. */
    Runnable later(Duration delay, Runnable work) {
        try {
            var scheduled = timer.schedule(() -> guarded(work), delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        } catch (RejectedExecutionException e) {
            LOG.debug("The control plane has ended", e);
            return () -> {};
        }
    }

    void repeat(Duration period, Runnable work) {
        long nanos = period.toNanos();
        var unused = timer.scheduleWithFixedDelay(() -> guarded(work), nanos, nanos, TimeUnit.NANOSECONDS);
    }

    private static void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.warn("The control plane could not do something", e);
        }
    }

    private static ThreadPoolExecutor pool(String name, int threads, int queued) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(queued), named(name));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private static ThreadFactory named(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "control " + name + " " + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Returns when no message is being made any more: each one that is leaves its mark in the home. */
    @Override
    public void close() {
        timer.shutdownNow();
        actions.shutdownNow();
        messages.shutdownNow();
        // Continuations of the calls that fail now are still run.
        continuations.shutdown();
        try {
            if (!messages.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn(
                        "A control message is still being made {} s after the control plane has ended",
                        CLOSING_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
