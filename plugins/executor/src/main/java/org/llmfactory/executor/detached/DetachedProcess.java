package org.llmfactory.executor.detached;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.executor.command.Detachment;
import org.llmfactory.executor.command.RestartPolicy;
import org.llmfactory.executor.process.Exit;
import org.llmfactory.executor.process.ProcessTable;
import org.llmfactory.executor.process.RunningProcess;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A command that runs on its own, one process after the other as its policy says, until somebody ends it. */
final class DetachedProcess implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(DetachedProcess.class);
    private static final Duration FOREVER = Duration.ofDays(36_500);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final ProcessTable.Place place;
    private final Detachment how;
    private final OutputLog log;
    private final Executor threads;
    private final Runnable onEnd;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile @Nullable RunningProcess current;

    /**
     * A process that does not run yet.
     *
     * @param onEnd done when it has ended for good, before its place is given back
     */
    DetachedProcess(ProcessTable.Place place, Detachment how, OutputLog log, Executor threads, Runnable onEnd) {
        this.place = place;
        this.how = how;
        this.log = log;
        this.threads = threads;
        this.onEnd = onEnd;
        place.onStop(this::stop);
    }

    private void stop() {
        stopped.countDown();
        RunningProcess running = current;
        if (running != null) {
            running.stop("It was ended by an administrator, or with its agent.");
        }
    }

    @Override
    public void run() {
        Exit exit = new Exit(-1, "The agent ends.");
        try {
            exit = runAgainAndAgain();
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        } finally {
            onEnd.run();
            place.end(exit);
        }
    }

    private Exit runAgainAndAgain() throws InterruptedException {
        Duration pause = FIRST_PAUSE;
        while (true) {
            long startedAt = System.nanoTime();
            Exit exit = runOnce();
            if (stopped.getCount() == 0 || !isToRunAgain(exit)) {
                return exit;
            }
            boolean ranLong = System.nanoTime() - startedAt >= LONGEST_PAUSE.toNanos();
            pause = ranLong ? FIRST_PAUSE : pause;
            place.setState("waiting");
            LOG.warn(
                    "{}, the command {}, ended with {} {} and is started again in {} s",
                    place.entry().id(),
                    place.entry().command(),
                    exit.code(),
                    exit.reason(),
                    pause.toSeconds());
            if (stopped.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                return exit;
            }
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    private boolean isToRunAgain(Exit exit) {
        return how.restart() == RestartPolicy.ALWAYS
                || (how.restart() == RestartPolicy.ON_FAILURE && !exit.isSuccess());
    }

    private Exit runOnce() throws InterruptedException {
        RunningProcess running;
        try {
            running = place.start(true);
        } catch (FactoryException refused) {
            return new Exit(-1, "It could not be started.");
        }
        current = running;
        if (stopped.getCount() == 0) {
            stop();
        }
        threads.execute(() -> take(running));
        return running.await(FOREVER, new HealthWatch(how, place, running)::look);
    }

    /** Nothing reads the input of a detached process, and its output must be read, or it would stand still. */
    private void take(RunningProcess running) {
        try {
            running.input().close();
            log.take(running.output());
        } catch (IOException failure) {
            LOG.warn("The output of {} is not kept any more", place.entry().id(), failure);
            running.stop("Its output could not be kept.");
        }
    }
}
