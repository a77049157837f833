package org.llmfactory.trainer.remote.wire;

import java.io.IOException;
import java.io.InputStream;

/** The bytes of an object that comes in pieces. For one thread. */
public abstract class Pieces extends InputStream {
    private byte[] piece = new byte[0];
    private int at;
    private boolean ended;

    /** Waits for the next piece; an empty one is the end. */
    protected abstract byte[] next() throws IOException;

    /** Has nothing more to read; false when there was nothing left anyway. */
    protected final boolean stop() {
        boolean open = !ended;
        ended = true;
        return open;
    }

    private boolean fill() throws IOException {
        if (at == piece.length && !ended) {
            piece = next();
            at = 0;
            ended = piece.length == 0;
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
}
