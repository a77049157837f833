package org.llmfactory.dataplane.stream;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.StreamListener;
import org.llmfactory.dataplane.frame.FrameType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls a stream's listener, one call at a time, from whatever thread the executor has. Nobody else waits for it. */
final class Delivery implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(Delivery.class);

    private final Executor executor;
    private final Owner owner;
    private final Deque<Inbound.Arrived> queue = new ArrayDeque<>();
    private @Nullable StreamListener listener;
    private @Nullable FactoryException failure;
    private boolean running;
    private boolean silenced;
    /** The failure has been told. */
    private boolean failed;

    /** Nothing more is to be told, except a failure of what this end still sends. */
    private boolean delivered;

    Delivery(Executor executor, Owner owner) {
        this.executor = executor;
        this.owner = owner;
    }

    /** Whose messages are delivered. */
    interface Owner {
        /** The listener has taken a message of this cost. */
        void onTaken(int cost);

        /** The listener has thrown an exception at a message. */
        void onListenerFailure();

        /** The listener will hear no more messages. Called once. */
        void onDelivered();
    }

    /** Begins. */
    void listen(StreamListener heard) {
        synchronized (this) {
            listener = heard;
        }
        wake();
    }

    void add(Iterable<Inbound.Arrived> frames) {
        synchronized (this) {
            frames.forEach(queue::add);
        }
        wake();
    }

    /**
     * The listener is to hear of a failure, and of nothing after it.
     *
     * @param discard whether what has not been delivered is dropped
     */
    void fail(FactoryException reason, boolean discard) {
        synchronized (this) {
            if (failure != null) {
                return;
            }
            failure = reason;
            if (discard) {
                queue.clear();
            }
        }
        wake();
    }

    /** The listener is to hear nothing more. */
    void silence() {
        synchronized (this) {
            silenced = true;
            queue.clear();
        }
        wake();
    }

    private void wake() {
        synchronized (this) {
            if (running || isIdle()) {
                return;
            }
            running = true;
        }
        executor.execute(this);
    }

    private boolean isIdle() {
        boolean nothing = queue.isEmpty() && (failure == null || failed);
        return silenced ? delivered : nothing || listener == null;
    }

    @Override
    public void run() {
        while (step()) {
            // One call after the other.
        }
    }

    private boolean step() {
        StreamListener heard;
        Inbound.Arrived frame;
        FactoryException reason;
        synchronized (this) {
            if (isIdle()) {
                running = false;
                return false;
            }
            heard = listener;
            frame = queue.poll();
            reason = frame == null && !silenced ? failure : null;
            failed = failed || reason != null;
        }
        if (frame != null && heard != null) {
            deliver(heard, frame);
        } else if (reason != null && heard != null) {
            guarded(() -> heard.onFailure(reason));
        }
        if (frame == null || frame.type() == FrameType.END) {
            deliveredOnce();
        }
        return true;
    }

    private void deliver(StreamListener heard, Inbound.Arrived frame) {
        if (frame.type() == FrameType.END) {
            guarded(heard::onEnd);
        } else if (guarded(() -> heard.onMessage(frame.content()))) {
            owner.onTaken(StreamLimits.cost(frame.content()));
        } else {
            owner.onListenerFailure();
        }
    }

    private void deliveredOnce() {
        synchronized (this) {
            if (delivered) {
                return;
            }
            delivered = true;
        }
        owner.onDelivered();
    }

    /** A fault of a listener is the listener's, and its stream's at most. */
    private static boolean guarded(Runnable call) {
        try {
            call.run();
            return true;
        } catch (RuntimeException | Error e) {
            log.warn("A listener of a stream has failed", e);
            return false;
        }
    }
}
