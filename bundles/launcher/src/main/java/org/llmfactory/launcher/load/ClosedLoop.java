package org.llmfactory.launcher.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.llmfactory.launcher.LauncherException;
import org.llmfactory.launcher.load.TokenStream.Answer;

/** Clients of which each sends its next request when the last one has been answered. */
public final class ClosedLoop {
    /**
     * What came of it.
     *
     * @param answers one for each request
     * @param seconds from the first request to the last answer
     */
    public record Outcome(List<Answer> answers, double seconds) {
        Measurement measurement() {
            return Measurement.of(answers, seconds);
        }
    }

    private final int clients;

    public ClosedLoop(int clients) {
        this.clients = clients;
    }

    /** Sends all requests, {@code clients} at a time; the first failure ends it. */
    public Outcome run(List<Callable<Answer>> requests) throws InterruptedException {
        long start = System.nanoTime();
        List<Answer> answers = all(requests);
        return new Outcome(answers, (System.nanoTime() - start) / 1e9);
    }

    /** Does all pieces of work, {@code clients} at a time, and gives what they gave; the first failure ends it. */
    <T> List<T> all(List<Callable<T>> work) throws InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(clients);
        try {
            List<T> answers = new ArrayList<>();
            for (Future<T> answer : pool.invokeAll(work)) {
                answers.add(answer.get());
            }
            return answers;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof LauncherException failure) {
                throw failure;
            }
            throw new LauncherException("A request failed: " + e.getCause(), e);
        } finally {
            pool.shutdownNow();
        }
    }
}
