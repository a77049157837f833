package org.llmfactory.models.tensor;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Writes safetensors files that fit into memory. For one thread. */
public final class SafetensorsWriter {
    private static final JsonMapper MAPPER = new JsonMapper();

    private final ObjectNode header = MAPPER.createObjectNode();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();

    /** Adds a fact about the whole file. */
    public SafetensorsWriter note(String key, String value) {
        header.withObject("/__metadata__").put(key, value);
        return this;
    }

    /** Adds a tensor of 32-bit floats. */
    public SafetensorsWriter add(String name, float[] values, long... shape) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return add(name, "F32", bytes.array(), shape);
    }

    /**
     * Adds a tensor of any type.
     *
     * @param type as the format names it, for example {@code BF16}
     * @param bytes little-endian
     */
    public SafetensorsWriter add(String name, String type, byte[] bytes, long... shape) {
        ObjectNode entry = header.putObject(name).put("dtype", type);
        Arrays.stream(shape).forEach(entry.putArray("shape")::add);
        entry.putArray("data_offsets").add(data.size()).add(data.size() + bytes.length);
        data.writeBytes(bytes);
        return this;
    }

    /** The whole file. */
    public byte[] toBytes() {
        try {
            return assemble(MAPPER.writeValueAsBytes(header), data.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes the file. */
    public void write(Path file) {
        try {
            Files.write(file, toBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file of any header, true or not, and any data. */
    public static byte[] assemble(byte[] header, byte[] data) {
        return ByteBuffer.allocate(8 + header.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .put(data)
                .array();
    }
}
