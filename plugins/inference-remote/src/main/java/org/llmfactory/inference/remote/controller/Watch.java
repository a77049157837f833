package org.llmfactory.inference.remote.controller;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Looks regularly whether anybody still waits for the generations under way; idle while there are none. */
final class Watch {
    private static final long PERIOD_MILLIS = 20;

    private final ScheduledExecutorService thread;
    private final Set<RemoteGeneration> underWay = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean looking = new AtomicBoolean();

    Watch(ScheduledExecutorService thread) {
        this.thread = thread;
    }

    void add(RemoteGeneration generation) {
        underWay.add(generation);
        if (looking.compareAndSet(false, true)) {
            schedule();
        }
    }

    void remove(RemoteGeneration generation) {
        underWay.remove(generation);
    }

    private void schedule() {
        try {
            var unused = thread.schedule(this::look, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException stopped) {
            // Whoever stopped the thread ends the generations too.
            looking.set(false);
        }
    }

    private void look() {
        underWay.forEach(RemoteGeneration::look);
        if (!underWay.isEmpty()) {
            schedule();
            return;
        }
        looking.set(false);
        // One that came just before found somebody looking.
        if (!underWay.isEmpty() && looking.compareAndSet(false, true)) {
            schedule();
        }
    }
}
