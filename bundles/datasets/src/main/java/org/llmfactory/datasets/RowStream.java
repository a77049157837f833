package org.llmfactory.datasets;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Iterator;

/**
 * Rows in the normal form, made as they are read: OpenAI's JSON, one a line, in which equal rows are equal byte for byte.
 * Reading throws what the rows throw. Not for use by several threads.
 */
public final class RowStream extends InputStream {
    private final Iterator<Row> source;
    private ByteArrayInputStream line = new ByteArrayInputStream(new byte[0]);
    private int rows;

    public RowStream(Iterator<Row> source) {
        this.source = source;
    }

    /** How many rows have been read so far. */
    public int rows() {
        return rows;
    }

    @Override
    public int read() {
        return fill() ? line.read() : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
        return fill() ? line.read(bytes, offset, length) : -1;
    }

    private boolean fill() {
        if (line.available() == 0 && source.hasNext()) {
            line = new ByteArrayInputStream(RowJson.line(source.next()));
            rows++;
        }
        return line.available() > 0;
    }
}
