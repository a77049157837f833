package org.llmfactory.messaging.jms;

import jakarta.jms.IllegalStateException;
import jakarta.jms.JMSException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.activemq.AsyncCallback;
import org.jspecify.annotations.Nullable;
import org.llmfactory.messaging.link.LaneDestination;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Frames that wait until a broker keeps them. A few are on their way to the broker at a time; those that were when a
 * connection was lost are sent again on the next, so that a frame arrives once or more until its time has passed.
 */
final class Outbox implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
    private static final int CAPACITY = 1024;
    private static final int UNCONFIRMED = 64;

    private static final class Entry {
        private final long number;
        private final LaneDestination to;
        private final byte[] frame;
        private final long deadline;

        private Entry(long number, LaneDestination to, byte[] frame, long deadline) {
            this.number = number;
            this.to = to;
            this.frame = frame;
            this.deadline = deadline;
        }

        private long remainingMillis() {
            return TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Entry> waiting = new ArrayDeque<>();
    private final TreeMap<Long, Entry> unconfirmed = new TreeMap<>();
    private final Thread sender;
    private @Nullable LaneConnection connection;
    private long numbered;
    private boolean closed;

    Outbox(String name) {
        sender = new Thread(this::run, name);
        sender.setDaemon(true);
        sender.start();
    }

    /** Takes a frame; waits for room, no longer than the frame is of use. */
    void put(LaneDestination to, byte[] frame, Duration timeToLive) throws InterruptedException {
        long deadline = System.nanoTime() + timeToLive.toNanos();
        lock.lockInterruptibly();
        try {
            dropExpired();
            while (waiting.size() + unconfirmed.size() >= CAPACITY && !closed) {
                long nanos = deadline - System.nanoTime();
                if (nanos <= 0) {
                    LOG.warn("{} frames wait for a broker already; one for {} was given up", CAPACITY, to.agent());
                    return;
                }
                changed.awaitNanos(nanos);
                dropExpired();
            }
            waiting.addLast(new Entry(numbered++, to, frame, deadline));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void dropExpired() {
        long now = System.nanoTime();
        if (waiting.removeIf(entry -> entry.deadline - now <= 0)) {
            changed.signalAll();
        }
    }

    /** Which connection to use from now on; none while there is none. */
    void use(@Nullable LaneConnection next) {
        lock.lock();
        try {
            if (connection != next) {
                connection = next;
                List<Entry> again = new ArrayList<>(unconfirmed.descendingMap().values());
                unconfirmed.clear();
                again.forEach(waiting::addFirst);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (true) {
                Entry entry;
                LaneConnection over;
                lock.lockInterruptibly();
                try {
                    while (!closed && (connection == null || waiting.isEmpty() || unconfirmed.size() >= UNCONFIRMED)) {
                        changed.await();
                    }
                    if (closed) {
                        return;
                    }
                    entry = waiting.removeFirst();
                    over = connection;
                    unconfirmed.put(entry.number, entry);
                } finally {
                    lock.unlock();
                }
                send(entry, over);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(Entry entry, @Nullable LaneConnection over) {
        long remaining = entry.remainingMillis();
        if (over == null || remaining <= 0) {
            done(entry);
            return;
        }
        try {
            over.sendKept(entry.to, entry.frame, remaining, new AsyncCallback() {
                @Override
                public void onSuccess() {
                    done(entry);
                }

                @Override
                public void onException(JMSException error) {
                    failed(entry, over, error);
                }
            });
        } catch (JMSException e) {
            failed(entry, over, e);
        }
    }

    /** A frame that the broker refused is given up; one whose connection was lost waits for the next. */
    private void failed(Entry entry, LaneConnection over, JMSException error) {
        if (isLoss(error)) {
            LOG.debug("A frame for {} waits for the next connection", entry.to.agent(), error);
            over.lost();
        } else {
            LOG.warn("The broker did not take a frame for {}: {}", entry.to.agent(), error.getMessage());
            done(entry);
        }
    }

    private static boolean isLoss(JMSException error) {
        if (error instanceof IllegalStateException) {
            return true;
        }
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException) {
                return true;
            }
        }
        return false;
    }

    private void done(Entry entry) {
        lock.lock();
        try {
            if (unconfirmed.remove(entry.number) != null) {
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        sender.interrupt();
    }
}
