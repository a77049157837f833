package org.llmfactory.trainer.remote.controller;

import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.llmfactory.trainer.remote.wire.Pieces;
import org.llmfactory.trainer.remote.wire.Protocol;

/**
 * What a node sends to be stored, from the thread that hears it to the one that stores it. One that does not come to its
 * end is no shorter object but an error.
 */
final class Incoming extends Pieces {
    private static final int PIECES = 8;
    private static final byte[] END = new byte[0];
    private static final byte[] BROKEN = new byte[0];

    private final BlockingQueue<byte[]> pieces = new ArrayBlockingQueue<>(PIECES);
    private volatile boolean closed;

    /** More of it; waits while the store is slow, and passes over it when nobody reads any more. */
    void add(byte[] more) throws InterruptedException {
        if (more.length > 0) {
            pass(more);
        }
    }

    /** That was all. */
    void end() throws InterruptedException {
        pass(END);
    }

    /** There is more, but it will not come. */
    void cut() throws InterruptedException {
        pass(BROKEN);
    }

    private void pass(byte[] next) throws InterruptedException {
        long end = System.nanoTime() + Protocol.PATIENCE.toNanos();
        while (!closed && !pieces.offer(next, 100, TimeUnit.MILLISECONDS)) {
            if (System.nanoTime() - end > 0) {
                closed = true;
            }
        }
    }

    @Override
    protected byte[] next() throws IOException {
        try {
            byte[] next = pieces.poll(Protocol.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (next == null || next == BROKEN) {
                throw new IOException("The node sent no more of the object.");
            }
            return next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("The object is not stored, since the agent stops.", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        pieces.clear();
    }
}
