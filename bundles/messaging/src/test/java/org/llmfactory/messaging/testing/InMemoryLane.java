package org.llmfactory.messaging.testing;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.llmfactory.messaging.link.Link;

/** One lane of one agent: a thread, and the frames that wait when the lane keeps them. */
final class InMemoryLane {
    private final ExecutorService thread;
    private final boolean keeping;
    private final BooleanSupplier connected;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Queue<Waiting> arriving = new ArrayDeque<>();
    private final Queue<Waiting> leaving = new ArrayDeque<>();
    private @Nullable Consumer<byte[]> receiver;

    private record Waiting(Runnable work, long until) {
        void run() {
            if (System.nanoTime() - until < 0) {
                work.run();
            }
        }
    }

    InMemoryLane(String name, boolean keeping, BooleanSupplier connected) {
        this.keeping = keeping;
        this.connected = connected;
        this.thread = Executors.newSingleThreadExecutor(task -> {
            Thread daemon = new Thread(task, name);
            daemon.setDaemon(true);
            return daemon;
        });
    }

    /** Keeps what cannot be sent now. */
    synchronized void keep(Runnable sending, Duration timeToLive) {
        if (keeping) {
            leaving.add(new Waiting(sending, deadline(timeToLive)));
        }
    }

    synchronized void deliver(byte[] content, Duration timeToLive) {
        Waiting delivery = new Waiting(() -> hand(content), deadline(timeToLive));
        if (connected.getAsBoolean() && receiver != null) {
            run(delivery::run);
        } else if (keeping) {
            arriving.add(delivery);
        }
    }

    private void hand(byte[] content) {
        Consumer<byte[]> hearing;
        synchronized (this) {
            hearing = receiver;
        }
        if (hearing != null) {
            hearing.accept(content);
        }
    }

    synchronized Link.Registration receive(Consumer<byte[]> newReceiver) {
        if (receiver != null) {
            throw new IllegalStateException("A lane has one receiver");
        }
        receiver = newReceiver;
        flush();
        return () -> stop(newReceiver);
    }

    private synchronized void stop(Consumer<byte[]> former) {
        if (receiver == former) {
            receiver = null;
        }
    }

    Link.Registration onUp(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    void up() {
        List<Waiting> sendings;
        synchronized (this) {
            sendings = new ArrayList<>(leaving);
            leaving.clear();
            flush();
        }
        sendings.forEach(sending -> run(sending::run));
        listeners.forEach(this::run);
    }

    private void flush() {
        if (connected.getAsBoolean() && receiver != null) {
            arriving.forEach(delivery -> run(delivery::run));
            arriving.clear();
        }
    }

    private void run(Runnable work) {
        try {
            thread.execute(work);
        } catch (RejectedExecutionException e) {
            // The network is closed: nothing is delivered any more.
            listeners.clear();
        }
    }

    private static long deadline(Duration timeToLive) {
        return System.nanoTime() + timeToLive.toNanos();
    }

    void close() {
        thread.shutdownNow();
    }
}
