package org.llmfactory.storage.internal;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** A stream that is converted in chunks, two of which are held in memory. */
abstract class ChunkedStream extends InputStream {
    private final InputStream source;
    private final int size;
    private long number;
    private byte[] next;
    private byte[] ready;
    private int position;
    private boolean ended;

    ChunkedStream(InputStream source, int size, long first, byte[] header) throws IOException {
        this.source = source;
        this.size = size;
        this.number = first;
        this.ready = header;
        this.next = source.readNBytes(size);
    }

    /** The chunk as it is to be read. */
    abstract byte[] convert(byte[] chunk, long number, boolean last) throws IOException;

    @Override
    public final int read() throws IOException {
        return fill() ? ready[position++] & 0xff : -1;
    }

    @Override
    public final int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, ready.length - position);
        System.arraycopy(ready, position, target, offset, count);
        position += count;
        return count;
    }

    @Override
    public final void close() throws IOException {
        source.close();
    }

    private boolean fill() throws IOException {
        while (position == ready.length && !ended) {
            byte[] chunk = next;
            byte[] following = chunk.length < size ? new byte[0] : source.readNBytes(size);
            ready = convert(chunk, number, following.length == 0);
            position = 0;
            next = following;
            number++;
            ended = following.length == 0;
        }
        return position < ready.length;
    }
}
