package org.llmfactory.models.tensor;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.llmfactory.models.internal.Faults;

/** Reads the primitives of a GGUF header, never beyond its end. */
final class GgufCursor {
    private static final int LONGEST_NAME = 1 << 16;
    private static final int LONGEST_TEXT = 16 << 20;

    private final String file;
    private final ByteBuffer header;

    /**
     * @param file name for faults
     * @param header the start of the file, little-endian
     */
    GgufCursor(String file, ByteBuffer header) {
        this.file = file;
        this.header = header;
    }

    byte int8() {
        require(1);
        return header.get();
    }

    short int16() {
        require(2);
        return header.getShort();
    }

    int int32() {
        require(4);
        return header.getInt();
    }

    long int64() {
        require(8);
        return header.getLong();
    }

    float float32() {
        return Float.intBitsToFloat(int32());
    }

    double float64() {
        return Double.longBitsToDouble(int64());
    }

    boolean bool() {
        byte value = int8();
        if (value != 0 && value != 1) {
            throw fault("a boolean is " + value);
        }
        return value == 1;
    }

    /** A number of things that follow, each of at least {@code bytesEach} bytes. */
    int count(String what, int most, int bytesEach) {
        long count = int64();
        if (count < 0 || count > most || count > header.remaining() / bytesEach) {
            throw fault(Long.toUnsignedString(count) + " " + what + " do not fit the file");
        }
        return (int) count;
    }

    /** A key or tensor name: proper UTF-8. */
    String name() {
        byte[] bytes = bytes(LONGEST_NAME);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw Faults.invalid(file, "a name is not UTF-8", e);
        }
    }

    /** A text; bytes that are no UTF-8 become U+FFFD, since vocabularies in the wild have such. */
    String text() {
        return new String(bytes(LONGEST_TEXT), StandardCharsets.UTF_8);
    }

    /** Bytes read so far. */
    int position() {
        return header.position();
    }

    RuntimeException fault(String fault) {
        return Faults.invalid(file, fault);
    }

    private byte[] bytes(int most) {
        long length = int64();
        if (length < 0 || length > most || length > header.remaining()) {
            throw fault("a text of " + Long.toUnsignedString(length) + " bytes does not fit");
        }
        byte[] bytes = new byte[(int) length];
        header.get(bytes);
        return bytes;
    }

    private void require(int bytes) {
        if (header.remaining() < bytes) {
            throw fault("the header ends too early or is larger than the " + header.capacity() + " bytes read of it");
        }
    }
}
