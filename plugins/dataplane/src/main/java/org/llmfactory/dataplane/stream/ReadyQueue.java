package org.llmfactory.dataplane.stream;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Who sends next. Sources that have just become ready go before those that have used up a turn: a token does not wait for
 * every file that is on its way. The others still get their share. Safe for several threads.
 */
final class ReadyQueue {
    /** So many in a row may go before those that have had a turn. */
    private static final int PRECEDENCE = 32;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Deque<FrameSource> fresh = new ArrayDeque<>();
    private final Deque<FrameSource> again = new ArrayDeque<>();
    private int row;

    /** A source has become ready. */
    void add(FrameSource source) {
        add(fresh, source);
    }

    /** A source has had a turn and may have more. */
    void addAgain(FrameSource source) {
        add(again, source);
    }

    private void add(Deque<FrameSource> queue, FrameSource source) {
        lock.lock();
        try {
            queue.add(source);
            filled.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the next one. */
    FrameSource take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (fresh.isEmpty() && again.isEmpty()) {
                filled.await();
            }
            boolean first = !fresh.isEmpty() && (again.isEmpty() || row < PRECEDENCE);
            row = first ? row + 1 : 0;
            return first ? fresh.remove() : again.remove();
        } finally {
            lock.unlock();
        }
    }

    boolean isEmpty() {
        lock.lock();
        try {
            return fresh.isEmpty() && again.isEmpty();
        } finally {
            lock.unlock();
        }
    }
}
