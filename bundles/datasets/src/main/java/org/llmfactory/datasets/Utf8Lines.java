package org.llmfactory.datasets;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Lines of strict UTF-8, of a bounded length each. Lines end with a line feed, or a carriage return before it. */
final class Utf8Lines implements Closeable {
    private final InputStream in;
    private final int maximum;
    private byte[] buffer = new byte[8192];
    private int line;

    /** @param in buffered */
    Utf8Lines(InputStream in, int maximum) {
        this.in = in;
        this.maximum = maximum;
    }

    /** The number of the line that was read last, from 1. */
    int line() {
        return line;
    }

    /**
     * The next line without its end; null at the end of the file.
     *
     * @throws BadRow for a line that is too long or no UTF-8; it has been passed
     */
    @Nullable
    String next() throws IOException, BadRow {
        int length = 0;
        boolean tooLong = false;
        int value = in.read();
        if (value < 0) {
            return null;
        }
        line++;
        for (; value >= 0 && value != '\n'; value = in.read()) {
            if (length == maximum) {
                tooLong = true;
            } else {
                if (length == buffer.length) {
                    buffer = Arrays.copyOf(buffer, Math.min(maximum, length * 2));
                }
                buffer[length++] = (byte) value;
            }
        }
        if (tooLong) {
            throw new BadRow("it is longer than " + maximum + " bytes");
        }
        if (length > 0 && buffer[length - 1] == '\r') {
            length--;
        }
        return decode(length);
    }

    private String decode(int length) throws BadRow {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(buffer, 0, length))
                    .toString();
            if (text.indexOf('\0') >= 0) {
                throw new BadRow("it holds binary content");
            }
            return text;
        } catch (CharacterCodingException e) {
            throw new BadRow("it is not UTF-8");
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
