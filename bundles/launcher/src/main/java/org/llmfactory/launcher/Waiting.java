package org.llmfactory.launcher;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Waits for what others do. */
public final class Waiting {
    private static final Duration STEP = Duration.ofMillis(100);

    private Waiting() {}

    /** Whether it has come. */
    public interface Condition {
        boolean holds() throws InterruptedException;
    }

    /**
     * Asks again and again until a condition holds.
     *
     * @param most how long to wait
     * @param otherwise what to say when it does not hold by then
     * @throws LauncherException when it does not
     */
    public static void until(Duration most, Condition condition, Supplier<String> otherwise)
            throws InterruptedException {
        long begin = System.nanoTime();
        while (!condition.holds()) {
            if (System.nanoTime() - begin > most.toNanos()) {
                throw new LauncherException(otherwise.get());
            }
            TimeUnit.NANOSECONDS.sleep(STEP.toNanos());
        }
    }
}
