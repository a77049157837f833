package org.llmfactory.executor.detached;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import org.llmfactory.executor.command.Detachment;
import org.llmfactory.executor.process.ProcessTable;
import org.llmfactory.executor.process.RunningProcess;

/** Looks from time to time whether a detached process is well, and ends it when it is not. Used by one thread. */
final class HealthWatch {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int FAILURES = 3;

    private final Detachment how;
    private final ProcessTable.Place place;
    private final RunningProcess running;
    private final long startedAt = System.nanoTime();
    private long nextLook = startedAt;
    private boolean wasWell;
    private int failures;

    HealthWatch(Detachment how, ProcessTable.Place place, RunningProcess running) {
        this.how = how;
        this.place = place;
        this.running = running;
        place.setState(how.isChecked() ? "starting" : "running");
    }

    /** To be called several times a second. */
    void look() {
        if (!how.isChecked() || System.nanoTime() - nextLook < 0) {
            return;
        }
        try {
            judge(isWell());
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
        nextLook = System.nanoTime() + (wasWell ? how.interval() : Duration.ofMillis(250)).toNanos();
    }

    private void judge(boolean well) {
        if (well) {
            wasWell = true;
            failures = 0;
            place.setState("running");
        } else if (wasWell) {
            failures++;
            place.setState("unwell");
            if (failures >= FAILURES) {
                running.stop("It was not well " + FAILURES + " times in a row.");
            }
        } else if (System.nanoTime() - startedAt >= how.start().toNanos()) {
            running.stop("It was not well within " + how.start().toSeconds() + " s.");
        }
    }

    private boolean isWell() throws InterruptedException {
        if (how.port().isEmpty()) {
            return place.succeeds(how.check(), PATIENCE);
        }
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(
                            InetAddress.getLoopbackAddress(), how.port().getAsInt()),
                    (int) PATIENCE.toMillis());
            return true;
        } catch (IOException refused) {
            return false;
        }
    }
}
