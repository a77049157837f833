package org.llmfactory.evaluation.work;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks into a queue again and again, and works on several things of it at a time.
 *
 * @param <T> one of them
 */
public final class Workers<T> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String UNEXPECTED = "It failed unexpectedly; the server's log says why.";

    private final String holder = UUID.randomUUID().toString();
    private final Work<T> work;
    private final int most;
    private final Map<T, Crew> taken = new ConcurrentHashMap<>();
    private final ScheduledExecutorService looking;
    private final ExecutorService working;
    private final ExecutorService helping;
    private final int width;
    private volatile boolean dropped;
    private volatile boolean stopped;

    /**
     * @param name of the threads
     * @param most things at a time
     * @param width parts of one thing at a time
     * @param poll how often the queue is looked at
     * @param renewal how often what is held is renewed
     */
    public Workers(String name, Work<T> work, int most, int width, Duration poll, Duration renewal) {
        this.work = work;
        this.most = most;
        this.looking = Executors.newScheduledThreadPool(2, threads(name + "-queue"));
        this.working = Executors.newFixedThreadPool(most, threads(name));
        this.helping = Executors.newFixedThreadPool(most * width, threads(name + "-part"));
        this.width = width;
        Future<?> unused = looking.scheduleWithFixedDelay(this::look, 0, poll.toMillis(), TimeUnit.MILLISECONDS);
        Future<?> unusedToo = looking.scheduleWithFixedDelay(
                this::renew, renewal.toMillis(), renewal.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static ThreadFactory threads(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "llmfactory-" + name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    private synchronized void look() {
        try {
            while (!stopped && taken.size() < most) {
                Optional<T> next = work.take(holder);
                if (next.isEmpty()) {
                    return;
                }
                Crew crew = new Crew(helping, width);
                taken.put(next.get(), crew);
                working.execute(() -> run(next.get(), crew));
            }
        } catch (RuntimeException e) {
            LOG.warn("the queue cannot be looked at", e);
        }
    }

    private void run(T one, Crew crew) {
        try {
            work.work(one, holder, crew);
        } catch (InterruptedException e) {
            leave(one);
        } catch (RuntimeException e) {
            // What is told to stop may fail in any way.
            if (crew.isStopped()) {
                leave(one);
            } else {
                fail(one, e);
            }
        } finally {
            taken.remove(one);
        }
    }

    private void leave(T one) {
        if (!dropped) {
            work.release(one, holder);
        }
    }

    private void fail(T one, RuntimeException failure) {
        if (failure instanceof FactoryException reason) {
            work.fail(one, holder, reason);
        } else {
            LOG.error("what was taken from the queue could not be worked on", failure);
            work.fail(one, holder, new FactoryException(ErrorCode.INTERNAL, UNEXPECTED));
        }
    }

    private void renew() {
        taken.forEach((one, crew) -> {
            try {
                if (!work.renew(one, holder)) {
                    crew.stop();
                }
            } catch (RuntimeException e) {
                LOG.warn("what is held cannot be renewed", e);
            }
        });
    }

    /** There may be something to do now. */
    public void wake() {
        if (!stopped) {
            looking.execute(this::look);
        }
    }

    /** Stops; others may go on with what is not done, at once. */
    @Override
    public void close() {
        stop();
        try {
            if (!working.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("some work did not stop in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops as a process does that is killed. */
    public void drop() {
        dropped = true;
        stop();
    }

    /** Only those are interrupted who ask models. */
    private synchronized void stop() {
        stopped = true;
        looking.shutdown();
        taken.values().forEach(Crew::stop);
        working.shutdown();
        helping.shutdownNow();
    }
}
