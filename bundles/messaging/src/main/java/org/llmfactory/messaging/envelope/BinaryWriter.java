package org.llmfactory.messaging.envelope;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/** Writes what {@link BoundedReader} reads. */
final class BinaryWriter {
    private final ByteArrayOutputStream content = new ByteArrayOutputStream(2048);
    private final DataOutputStream out = new DataOutputStream(content);

    /** A step that cannot fail, since it writes into memory. */
    private interface Step {
        void run(DataOutputStream out) throws IOException;
    }

    private BinaryWriter write(Step step) {
        try {
            step.run(out);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    BinaryWriter oneByte(int value) {
        return write(o -> o.writeByte(value));
    }

    BinaryWriter time(Instant time) {
        return write(o -> o.writeLong(time.toEpochMilli()));
    }

    BinaryWriter id(UUID id) {
        return write(o -> {
            o.writeLong(id.getMostSignificantBits());
            o.writeLong(id.getLeastSignificantBits());
        });
    }

    BinaryWriter text(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        if (encoded.length > 0xff) {
            throw new IllegalArgumentException("The text is too long for a message");
        }
        return write(o -> {
            o.writeByte(encoded.length);
            o.write(encoded);
        });
    }

    BinaryWriter block(byte[] block) {
        return write(o -> {
            o.writeInt(block.length);
            o.write(block);
        });
    }

    BinaryWriter exactly(byte[] bytes) {
        return write(o -> o.write(bytes));
    }

    byte[] bytes() {
        return content.toByteArray();
    }
}
