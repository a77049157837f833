package org.llmfactory.models.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes small GGUF files of version 3, true or not. */
public final class GgufWriter {
    private static final int ALIGNMENT = 32;

    private final ByteArrayOutputStream metadata = new ByteArrayOutputStream();
    private final ByteArrayOutputStream table = new ByteArrayOutputStream();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private long keys;
    private long tensors;

    public GgufWriter text(String key, String value) {
        key(key, 8).writeBytes(text(value));
        return this;
    }

    public GgufWriter uint32(String key, int value) {
        key(key, 4).writeBytes(int32(value));
        return this;
    }

    public GgufWriter float32(String key, float value) {
        key(key, 6).writeBytes(int32(Float.floatToRawIntBits(value)));
        return this;
    }

    public GgufWriter texts(String key, List<String> values) {
        ByteArrayOutputStream out = key(key, 9);
        out.writeBytes(int32(8));
        out.writeBytes(int64(values.size()));
        values.forEach(value -> out.writeBytes(text(value)));
        return this;
    }

    /** A value of any type, given as its bytes. */
    public GgufWriter raw(String key, int type, byte[] value) {
        key(key, type).writeBytes(value);
        return this;
    }

    /** A tensor of 32-bit floats; the shape is in PyTorch's order. */
    public GgufWriter tensor(String name, float[] values, long... shape) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return tensor(name, 0, bytes.array(), shape);
    }

    /** A tensor of any type number. */
    public GgufWriter tensor(String name, int type, byte[] bytes, long... shape) {
        while (data.size() % ALIGNMENT != 0) {
            data.write(0);
        }
        entry(name, type, data.size(), shape);
        data.writeBytes(bytes);
        return this;
    }

    /** An entry of the table alone, with any offset. */
    public GgufWriter entry(String name, int type, long offset, long... shape) {
        table.writeBytes(text(name));
        table.writeBytes(int32(shape.length));
        for (int i = shape.length - 1; i >= 0; i--) {
            table.writeBytes(int64(shape[i]));
        }
        table.writeBytes(int32(type));
        table.writeBytes(int64(offset));
        tensors++;
        return this;
    }

    public byte[] toBytes() {
        return toBytes(3, tensors, keys);
    }

    /** The file with any version and counts. */
    public byte[] toBytes(int version, long tensorCount, long keyCount) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(int32(version));
        out.writeBytes(int64(tensorCount));
        out.writeBytes(int64(keyCount));
        out.writeBytes(metadata.toByteArray());
        out.writeBytes(table.toByteArray());
        while (out.size() % ALIGNMENT != 0) {
            out.write(0);
        }
        out.writeBytes(data.toByteArray());
        return out.toByteArray();
    }

    public static byte[] int32(int value) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
    }

    public static byte[] int64(long value) {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
    }

    /** A length and the bytes. */
    public static byte[] text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + bytes.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(bytes.length)
                .put(bytes)
                .array();
    }

    private ByteArrayOutputStream key(String key, int type) {
        keys++;
        metadata.writeBytes(text(key));
        metadata.writeBytes(int32(type));
        return metadata;
    }
}
