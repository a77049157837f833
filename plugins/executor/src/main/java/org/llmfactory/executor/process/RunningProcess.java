package org.llmfactory.executor.process;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A program that was started. One thread waits for its end; any thread may ask for it. */
public final class RunningProcess {
    private static final Duration LOOK = Duration.ofMillis(250);

    private final Launcher.Started started;
    private final Duration grace;
    private final CompletableFuture<String> ending = new CompletableFuture<>();

    RunningProcess(Launcher.Started started, Duration grace) {
        this.started = started;
        this.grace = grace;
    }

    public long pid() {
        return started.process().pid();
    }

    public InputStream output() {
        return started.process().getInputStream();
    }

    public InputStream errors() {
        return started.process().getErrorStream();
    }

    public OutputStream input() {
        return started.process().getOutputStream();
    }

    /**
     * Asks for its end; the first reason counts. Returns at once.
     *
     * @param reason in words, told to whoever waits for the process
     */
    public void stop(String reason) {
        ending.complete(reason);
    }

    /**
     * Waits until it has ended by itself, its time is over or its end was asked for, and then ends everything it has
     * started.
     *
     * @param limit how long it may run
     * @param look done a few times a second meanwhile; may call {@link #stop}
     */
    public Exit await(Duration limit, Runnable look) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        CompletableFuture<Object> over =
                CompletableFuture.anyOf(started.process().onExit(), ending);
        try {
            while (!isOver(over)) {
                if (System.nanoTime() - end >= 0) {
                    stop("Its time limit of " + limit.toSeconds() + " s has passed.");
                }
                look.run();
            }
        } finally {
            ProcessTree.end(started.process(), started.marker(), grace);
            Launcher.tidy(started);
        }
        return new Exit(code(), ending.isDone() ? ending.join() : "");
    }

    private static boolean isOver(CompletableFuture<Object> over) throws InterruptedException {
        try {
            over.get(LOOK.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException still) {
            return false;
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("neither of the two fails", impossible);
        }
    }

    /** Known a moment after the process has ended. */
    private int code() throws InterruptedException {
        return started.process().waitFor(1, TimeUnit.SECONDS)
                ? started.process().exitValue()
                : -1;
    }
}
