package org.llmfactory.evaluation.work;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Threads that do many small things of one piece of work side by side. The thread whose work it is is never interrupted:
 * it uses the database, and Derby closes the connection of a thread that is.
 */
public final class Crew {
    private static final Duration LOOK = Duration.ofMillis(100);

    private final ExecutorService threads;
    private final int width;
    private volatile boolean stopped;

    Crew(ExecutorService threads, int width) {
        this.threads = threads;
        this.width = width;
    }

    /** Takes what has been done, in whatever order. */
    public interface Taker<R> {
        /** Takes one; false leaves the rest undone. */
        boolean take(R result) throws InterruptedException;
    }

    /** The work ends soon, as if its thread had been interrupted. */
    void stop() {
        stopped = true;
    }

    boolean isStopped() {
        return stopped;
    }

    /**
     * Does all of it, a few at a time. What is done is taken by the calling thread.
     *
     * @throws RuntimeException what one of them throws; the rest is left undone then
     * @throws InterruptedException when the work is to end
     */
    public <R> void all(Iterator<Callable<R>> tasks, Taker<R> taker) throws InterruptedException {
        ExecutorCompletionService<R> service = new ExecutorCompletionService<>(threads);
        List<Future<R>> running = new ArrayList<>();
        int busy = 0;
        try {
            boolean more = true;
            while (more && (tasks.hasNext() || busy > 0)) {
                if (stopped) {
                    throw new InterruptedException("the work is to end");
                }
                while (tasks.hasNext() && busy < width) {
                    running.add(service.submit(tasks.next()));
                    busy++;
                }
                @Nullable Future<R> done = service.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                if (done != null) {
                    busy--;
                    running.removeIf(Future::isDone);
                    more = taker.take(result(done));
                }
            }
        } finally {
            running.forEach(task -> task.cancel(true));
        }
    }

    private static <R> R result(Future<R> done) throws InterruptedException {
        try {
            return done.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InterruptedException) {
                throw new InterruptedException();
            }
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        }
    }
}
