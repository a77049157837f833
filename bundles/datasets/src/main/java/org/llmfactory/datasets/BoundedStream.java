package org.llmfactory.datasets;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Refuses content beyond a size, whatever was promised. */
final class BoundedStream extends FilterInputStream {
    private final String what;
    private final long maximum;
    private long left;

    BoundedStream(InputStream in, String what, long maximum) {
        super(in);
        this.what = what;
        this.maximum = maximum;
        this.left = maximum;
    }

    @Override
    public int read() throws IOException {
        int value = super.read();
        count(value < 0 ? 0 : 1);
        return value;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int read = super.read(bytes, offset, length);
        count(Math.max(read, 0));
        return read;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void count(int read) {
        left -= read;
        if (left < 0) {
            throw Detection.invalid(what + " is larger than " + maximum + " bytes.");
        }
    }
}
