package org.llmfactory.trainer.remote.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.rest.Json;

/**
 * One message: its kind, a head in JSON, and bytes. Written as the kind's letter, the length of the head in four bytes, the
 * head, the bytes.
 *
 * @param kind what it is
 * @param head the text of a JSON value, empty for none
 * @param body an object's bytes, or none; not changed afterwards
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Frame(Kind kind, String head, byte[] body) {
    private static final byte[] NOTHING = new byte[0];

    /** What a message is. */
    public enum Kind {
        /** The node asks for something; a {@link Reply} follows, for {@code PUT} after the last part. */
        CALL('C'),
        /** More of what is put. */
        PART('P'),
        /** All of what is put has been sent. */
        LAST('L'),
        /** What is put cannot be read to its end, and must not be stored. */
        CUT('X'),
        /** The controller's answer to the node's last call. */
        REPLY('R'),
        /** The controller wants the run to stop. */
        HALT('H');

        private final byte letter;

        Kind(char letter) {
            this.letter = (byte) letter;
        }

        private static Kind of(byte letter) {
            for (Kind kind : values()) {
                if (kind.letter == letter) {
                    return kind;
                }
            }
            throw malformed(null);
        }
    }

    /** A message that is nothing but its kind. */
    public static Frame of(Kind kind) {
        return new Frame(kind, "", NOTHING);
    }

    /** A message of bytes. */
    public static Frame of(Kind kind, byte[] body) {
        return new Frame(kind, "", body);
    }

    /** A message with a head. */
    public static Frame of(Kind kind, Object head, byte[] body) {
        return new Frame(kind, new String(Json.write(head), StandardCharsets.UTF_8), body);
    }

    /**
     * Reads a message.
     *
     * @throws FactoryException {@code INVALID_REQUEST} when it is none
     */
    public static Frame read(byte[] message) {
        try {
            ByteBuffer in = ByteBuffer.wrap(message);
            Kind kind = Kind.of(in.get());
            int length = in.getInt();
            if (length < 0 || length > in.remaining()) {
                throw malformed(null);
            }
            byte[] head = new byte[length];
            in.get(head);
            byte[] body = new byte[in.remaining()];
            in.get(body);
            return new Frame(kind, new String(head, StandardCharsets.UTF_8), body);
        } catch (BufferUnderflowException e) {
            throw malformed(e);
        }
    }

    /** The bytes of the message. */
    public byte[] bytes() {
        byte[] text = head.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(1 + Integer.BYTES + text.length + body.length)
                .put(kind.letter)
                .putInt(text.length)
                .put(text)
                .put(body)
                .array();
    }

    /**
     * The head as a value.
     *
     * @throws FactoryException {@code INVALID_REQUEST} when it is another
     */
    public <T> T head(Class<T> type) {
        try {
            T value = Json.MAPPER.readValue(head, type);
            if (value == null) {
                throw malformed(null);
            }
            return value;
        } catch (JsonProcessingException e) {
            throw malformed(e);
        }
    }

    private static FactoryException malformed(@Nullable Exception cause) {
        return new FactoryException(ErrorCode.INVALID_REQUEST, "A message of the run is malformed.", cause);
    }
}
