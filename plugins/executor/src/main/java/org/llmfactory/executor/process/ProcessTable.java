package org.llmfactory.executor.process;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.executor.command.Command;

/**
 * What runs: as many as are allowed, nothing new once the plugin is about to go. A place is taken before a process is
 * started, and kept by a detached one between its runs.
 */
public final class ProcessTable {
    /** A place in the table, taken by one process at a time. To be given back in every case. */
    public final class Place {
        private final ProcessEntry entry;
        private final Command command;
        private final AtomicBoolean ended = new AtomicBoolean();
        private volatile String state = "starting";
        private volatile Runnable stop = () -> {};

        private Place(ProcessEntry entry, Command command) {
            this.entry = entry;
            this.command = command;
        }

        public ProcessEntry entry() {
            return entry;
        }

        public Command command() {
            return command;
        }

        /** In a word, for lists. */
        public String state() {
            return state;
        }

        public void setState(String now) {
            state = now;
        }

        /** What to do when somebody asks for the end. */
        public void onStop(Runnable action) {
            stop = action;
        }

        /** Asks for the end; returns at once. */
        public void stop() {
            stop.run();
        }

        /** Starts the program. See {@link Launcher#start}. */
        public RunningProcess start(boolean merged) {
            return new RunningProcess(
                    launcher.start(command, entry.id(), command.line(entry.arguments()), merged), grace);
        }

        /** Whether a program that looks after the command ends with status 0 in time. */
        public boolean succeeds(List<String> line, Duration patience) throws InterruptedException {
            return launcher.succeeds(command, entry.id(), line, patience);
        }

        /** Gives the place back. The first call counts. */
        public void end(Exit exit) {
            if (!ended.getAndSet(true)) {
                audit.ended(entry, exit);
                remove(this);
            }
        }
    }

    private final Launcher launcher;
    private final ProcessAudit audit;
    private final int maximum;
    private final Duration grace;
    private final SplittableRandom random = new SplittableRandom();
    private final Map<String, Place> places = new LinkedHashMap<>();
    private boolean draining;

    ProcessTable(Launcher launcher, ProcessAudit audit, int maximum, Duration grace) {
        this.launcher = launcher;
        this.audit = audit;
        this.maximum = maximum;
        this.grace = grace;
    }

    /**
     * Takes a place.
     *
     * @throws FactoryException {@code PERMISSION_DENIED}, {@code INVALID_VALUE} for arguments; {@code OVERLOADED} when as
     *     many run as may, or too little memory is free
     */
    public Place take(Command command, List<String> arguments, AgentAddress caller, boolean detached) {
        return take(command, arguments, caller, detached, newId());
    }

    /** The same under an id that the process had before. */
    public Place take(Command command, List<String> arguments, AgentAddress caller, boolean detached, String id) {
        command.admit(caller);
        command.line(arguments);
        requireMemory(command);
        ProcessEntry entry = new ProcessEntry(
                id,
                command.name(),
                arguments,
                command.publicArguments(),
                caller,
                Clock.systemUTC().instant(),
                detached);
        Place place = new Place(entry, command);
        put(place);
        try {
            audit.started(entry);
        } catch (RuntimeException refused) {
            remove(place);
            throw refused;
        }
        return place;
    }

    private String newId() {
        return "proc-" + HexFormat.of().toHexDigits(random.nextLong());
    }

    private static void requireMemory(Command command) {
        long free = FreeMemory.bytes().orElse(Long.MAX_VALUE);
        if (free < command.memoryBytes()) {
            throw busy("The command " + command.name() + " needs " + (command.memoryBytes() >> 20) + " MiB; "
                    + (free >> 20) + " MiB are free.");
        }
    }

    private synchronized void put(Place place) {
        Command command = place.command();
        long same = places.values().stream()
                .filter(other -> other.command().name().equals(command.name()))
                .count();
        if (draining) {
            throw busy("The executor of this agent is being changed.");
        }
        if (same >= command.maximumRunning()) {
            throw busy("The command " + command.name() + " runs already, as often as it may at once ("
                    + command.maximumRunning() + ").");
        }
        if (places.size() >= maximum) {
            throw busy("This agent runs " + maximum + " processes, and no more at once.");
        }
        if (places.putIfAbsent(place.entry().id(), place) != null) {
            throw new FactoryException(ErrorCode.CONFLICT, "A process of this id runs already.");
        }
    }

    private static FactoryException busy(String message) {
        return FactoryException.retryLater(ErrorCode.OVERLOADED, Duration.ofSeconds(5), message);
    }

    private synchronized void remove(Place place) {
        places.remove(place.entry().id(), place);
        notifyAll();
    }

    /** All of them, oldest first. */
    public synchronized List<Place> all() {
        return new ArrayList<>(places.values());
    }

    public synchronized Optional<Place> find(String id) {
        return Optional.ofNullable(places.get(id));
    }

    /** Starts nothing new from now on. */
    synchronized void drain() {
        draining = true;
    }

    synchronized void resume() {
        draining = false;
    }

    /**
     * Waits until nothing is left.
     *
     * @param detachedToo whether what is detached counts
     * @return false when the deadline passed first
     */
    synchronized boolean awaitEmpty(boolean detachedToo, Duration deadline) throws InterruptedException {
        long end = System.nanoTime() + deadline.toNanos();
        while (places.values().stream()
                .anyMatch(place -> detachedToo || !place.entry().detached())) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            wait(Math.max(1, left / 1_000_000));
        }
        return true;
    }
}
