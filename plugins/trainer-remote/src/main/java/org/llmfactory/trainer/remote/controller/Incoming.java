package org.llmfactory.trainer.remote.controller;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.llmfactory.trainer.remote.wire.Protocol;

/**
 * What a node sends to be stored, from the thread that hears it to the one that stores it. One that does not come to its
 * end is no shorter object but an error.
 */
final class Incoming extends InputStream {
    private static final int PIECES = 8;
    private static final byte[] END = new byte[0];
    private static final byte[] BROKEN = new byte[0];

    private final BlockingQueue<byte[]> pieces = new ArrayBlockingQueue<>(PIECES);
    private volatile boolean closed;
    private byte[] piece = new byte[0];
    private int at;
    private boolean ended;

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

    private boolean fill() throws IOException {
        if (at == piece.length && !ended) {
            try {
                byte[] next = pieces.poll(Protocol.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                if (next == null || next == BROKEN) {
                    throw new IOException("The node sent no more of the object.");
                }
                piece = next;
                at = 0;
                ended = next == END;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("The object is not stored, since the agent stops.", e);
            }
        }
        return !ended;
    }

    @Override
    public int read() throws IOException {
        return fill() ? piece[at++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, piece.length - at);
        System.arraycopy(piece, at, target, offset, count);
        at += count;
        return count;
    }

    @Override
    public void close() {
        closed = true;
        pieces.clear();
    }
}
