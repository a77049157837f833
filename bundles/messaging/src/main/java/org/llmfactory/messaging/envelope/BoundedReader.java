package org.llmfactory.messaging.envelope;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/** Reads binary fields of somebody else's making: whatever is not there is {@link Refusal#MALFORMED}. */
final class BoundedReader {
    private final ByteBuffer bytes;

    BoundedReader(byte[] content) {
        this.bytes = ByteBuffer.wrap(content);
    }

    int oneByte() throws RefusedException {
        require(1);
        return bytes.get() & 0xff;
    }

    long number() throws RefusedException {
        require(Long.BYTES);
        return bytes.getLong();
    }

    Instant time() throws RefusedException {
        return Instant.ofEpochMilli(number());
    }

    UUID id() throws RefusedException {
        return new UUID(number(), number());
    }

    /** Text with its length in one byte. */
    String text() throws RefusedException {
        return new String(exactly(oneByte()), StandardCharsets.UTF_8);
    }

    /** Bytes with their length in four bytes. */
    byte[] block(int maximum) throws RefusedException {
        require(Integer.BYTES);
        int length = bytes.getInt();
        if (length < 0 || length > maximum) {
            throw malformed();
        }
        return exactly(length);
    }

    byte[] exactly(int length) throws RefusedException {
        require(length);
        byte[] content = new byte[length];
        try {
            bytes.get(content);
        } catch (BufferUnderflowException e) {
            throw malformed();
        }
        return content;
    }

    byte[] rest() throws RefusedException {
        return exactly(bytes.remaining());
    }

    void end() throws RefusedException {
        if (bytes.hasRemaining()) {
            throw malformed();
        }
    }

    private void require(int length) throws RefusedException {
        if (bytes.remaining() < length) {
            throw malformed();
        }
    }

    static RefusedException malformed() {
        return new RefusedException(Refusal.MALFORMED, "The frame is no control message");
    }
}
