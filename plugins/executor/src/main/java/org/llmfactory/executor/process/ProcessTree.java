package org.llmfactory.executor.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A process with everything it has started. */
final class ProcessTree {
    private static final Duration STEP = Duration.ofMillis(10);
    private static final Duration KILL = Duration.ofSeconds(5);

    private ProcessTree() {}

    /**
     * Ends a process and everything it has started: asks all of them, and kills after a while who is still there.
     *
     * @return false when even that did not help
     */
    static boolean end(Process root, Marker marker, Duration grace) {
        return end(
                () -> Stream.of(Stream.of(root.toHandle()), root.descendants(), marker.find().stream())
                        .flatMap(members -> members)
                        .distinct()
                        .filter(ProcessTree::isRunning)
                        .toList(),
                grace);
    }

    /** Ends everything that has a marker, likewise. */
    static boolean end(Marker marker, Duration grace) {
        return end(() -> marker.find().stream().filter(ProcessTree::isRunning).toList(), grace);
    }

    private static boolean end(Supplier<List<ProcessHandle>> members, Duration grace) {
        return endAll(members, ProcessHandle::destroy, grace, false)
                || endAll(members, ProcessHandle::destroyForcibly, KILL, true);
    }

    /** Whoever was started meanwhile hears of it too; whoever is asked twice to end may take it for an order to hurry. */
    private static boolean endAll(
            Supplier<List<ProcessHandle>> members, Consumer<ProcessHandle> act, Duration patience, boolean again) {
        long end = System.nanoTime() + patience.toNanos();
        Set<ProcessHandle> told = new HashSet<>();
        while (true) {
            List<ProcessHandle> left = members.get();
            if (left.isEmpty()) {
                return true;
            }
            if (System.nanoTime() - end >= 0) {
                return false;
            }
            left.stream().filter(member -> told.add(member) || again).forEach(act);
            LockSupport.parkNanos(STEP.toNanos());
        }
    }

    /** A process that has ended and that its parent has not looked at is there still, but runs no more. */
    private static boolean isRunning(ProcessHandle process) {
        if (!process.isAlive()) {
            return false;
        }
        try {
            Path status = Path.of("/proc", Long.toString(process.pid()), "stat");
            String line = Files.readString(status, StandardCharsets.ISO_8859_1);
            return !line.startsWith("Z", line.lastIndexOf(')') + 2);
        } catch (IOException noSuchSystemOrGone) {
            return process.isAlive();
        }
    }
}
