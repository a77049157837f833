package org.llmfactory.dataplane.stream;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.dataplane.frame.Acknowledgement;
import org.llmfactory.dataplane.frame.FrameType;
import org.llmfactory.dataplane.frame.Sealer;

/**
 * The direction that this end sends: seals messages, holds them back until there is credit, keeps them until they have
 * arrived and finds out which ones have been lost. A frame is sealed once; sent again, it is the same bytes.
 */
final class Outbound {
    /** A sender that has this much waiting is not asked for more, and needs not wait for the thread that sends. */
    private static final int LOW = 4 * AgentStream.MAXIMUM_MESSAGE;

    private static final byte[] NOTHING = {};

    private final Sealer sealer;
    private final int queue;
    private final StreamMeters meters;
    /** Keeps numbers, keys and the queue in one order, without holding up acknowledgements while a frame is sealed. */
    private final ReentrantLock order = new ReentrantLock();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition writable = lock.newCondition();
    private final Deque<Outgoing> waiting = new ArrayDeque<>();
    private final Deque<Outgoing> inFlight = new ArrayDeque<>();
    private final Deque<Outgoing> lost = new ArrayDeque<>();
    private final Evidence evidence = new Evidence();
    private long nextNumber;
    private long waitingCost;
    private long sentCost;
    private long limit;
    private long transmissions;
    private boolean finished;
    private boolean endQueued;
    private @Nullable FactoryException closed;

    Outbound(Sealer sealer, int credit, int queue, StreamMeters meters) {
        this.sealer = sealer;
        this.limit = credit;
        this.queue = queue;
        this.meters = meters;
    }

    /**
     * Queues a message.
     *
     * @return false when too much is waiting already
     * @throws FactoryException {@code CONFLICT} when this direction has ended
     */
    boolean send(byte[] message) {
        order.lock();
        try {
            return admit(StreamLimits.cost(message)) && queue(FrameType.DATA, message);
        } finally {
            order.unlock();
        }
    }

    /** Queues the end; without effect when it is there already. */
    void finish() {
        order.lock();
        try {
            if (beginFinish()) {
                queue(FrameType.END, NOTHING);
            }
        } finally {
            order.unlock();
        }
    }

    private boolean admit(int cost) {
        lock.lock();
        try {
            if (finished || closed != null) {
                throw new FactoryException(ErrorCode.CONFLICT, "The stream has ended; nothing more can be sent on it.");
            }
            return waitingCost + cost <= queue;
        } finally {
            lock.unlock();
        }
    }

    private boolean beginFinish() {
        lock.lock();
        try {
            boolean first = !finished && closed == null;
            finished = true;
            return first;
        } finally {
            lock.unlock();
        }
    }

    private boolean queue(FrameType type, byte[] content) {
        Outgoing outgoing =
                new Outgoing(nextNumber, StreamLimits.cost(content), sealer.seal(type, nextNumber, content));
        nextNumber++;
        lock.lock();
        try {
            endQueued = type == FrameType.END;
            if (closed == null) {
                waiting.add(outgoing);
                waitingCost += outgoing.cost;
            }
        } finally {
            lock.unlock();
        }
        return true;
    }

    /** The next frame to be sent now; null when there is none or no credit. */
    byte @Nullable [] poll() {
        lock.lock();
        try {
            for (Outgoing again = lost.poll(); again != null; again = lost.poll()) {
                byte[] frame = again.transmit(++transmissions);
                if (frame != null) {
                    meters.resent();
                    return frame;
                }
            }
            return pollWaiting();
        } finally {
            lock.unlock();
        }
    }

    private byte @Nullable [] pollWaiting() {
        Outgoing first = waiting.peek();
        if (first == null || sentCost + first.cost > limit) {
            return null;
        }
        waiting.remove();
        waitingCost -= first.cost;
        sentCost += first.cost;
        inFlight.add(first);
        if (waitingCost <= LOW) {
            writable.signalAll();
        }
        return first.transmit(++transmissions);
    }

    /** Says that a signal is sent now: when it has arrived, so has all that was sent before, or it is lost. */
    void signalled(long number) {
        lock.lock();
        try {
            evidence.signalled(number, transmissions);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Learns what has arrived.
     *
     * @return what is to be done now
     */
    Progress acknowledge(Acknowledgement acknowledgement) {
        sealer.arrived(acknowledgement.next());
        lock.lock();
        try {
            boolean credit = acknowledgement.limit() > limit && !waiting.isEmpty();
            limit = Math.max(limit, acknowledgement.limit());
            boolean progress = false;
            while (!inFlight.isEmpty() && inFlight.element().number < acknowledgement.next()) {
                Outgoing first = inFlight.remove();
                evidence.arrived(first);
                first.arrived();
                progress = true;
            }
            boolean gaps = findLost(acknowledgement);
            return new Progress(progress || credit, credit || gaps, gaps);
        } finally {
            lock.unlock();
        }
    }

    /**
     * What an acknowledgement brought.
     *
     * @param moved whether anything was new
     * @param sendable whether something may be sent now
     * @param lost whether frames have been lost
     */
    record Progress(boolean moved, boolean sendable, boolean lost) {}

    private boolean findLost(Acknowledgement acknowledgement) {
        long sentBefore = evidence.of(acknowledgement, inFlight);
        long horizon = acknowledgement.complete() || acknowledgement.ranges().isEmpty()
                ? Long.MAX_VALUE
                : acknowledgement
                        .ranges()
                        .get(acknowledgement.ranges().size() - 1)
                        .end();
        boolean found = false;
        for (Outgoing outgoing : inFlight) {
            if (outgoing.number >= horizon || (!outgoing.isRepeated() && outgoing.transmission() >= sentBefore)) {
                break;
            }
            if (outgoing.isLost(sentBefore)) {
                outgoing.markLost();
                lost.add(outgoing);
                found = true;
            }
        }
        return found;
    }

    /** The other end has everything. */
    void acknowledgeAll() {
        lock.lock();
        try {
            inFlight.clear();
            lost.clear();
        } finally {
            lock.unlock();
        }
    }

    /** Whether anything is on its way or waits for credit, so that the other end is owed a sign. */
    boolean isExpecting() {
        lock.lock();
        try {
            return closed == null && !(inFlight.isEmpty() && waiting.isEmpty());
        } finally {
            lock.unlock();
        }
    }

    /** Whether this direction has ended and all of it has arrived. */
    boolean isDelivered() {
        lock.lock();
        try {
            return endQueued && closed == null && inFlight.isEmpty() && waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    boolean awaitWritable(Duration deadline) throws InterruptedException {
        long left = deadline.toNanos();
        lock.lockInterruptibly();
        try {
            while (closed == null && waitingCost > LOW) {
                if (left <= 0) {
                    return false;
                }
                left = writable.awaitNanos(left);
            }
            if (closed != null) {
                throw closed;
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Drops everything. Whoever waits hears the reason. */
    void close(FactoryException reason) {
        lock.lock();
        try {
            closed = reason;
            waiting.clear();
            inFlight.clear();
            lost.clear();
            waitingCost = 0;
            writable.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
