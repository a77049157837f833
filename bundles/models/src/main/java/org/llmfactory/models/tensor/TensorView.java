package org.llmfactory.models.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One tensor of a file, row-major in PyTorch's order of dimensions. A view is light: bytes are read when asked for, and
 * selecting rows copies nothing. Immutable and safe for use by several threads.
 */
public final class TensorView {
    private final String name;
    private final StorageType type;
    private final long[] shape;
    private final ByteBuffer stored;
    private final int @Nullable [] rowOrder;

    private TensorView(String name, StorageType type, long[] shape, ByteBuffer stored, int @Nullable [] rowOrder) {
        this.name = Objects.requireNonNull(name, "name");
        this.type = Objects.requireNonNull(type, "type");
        this.shape = shape;
        this.stored = stored;
        this.rowOrder = rowOrder;
    }

    /**
     * A view of all that remains in a buffer.
     *
     * @throws IllegalArgumentException when the buffer does not hold exactly this shape
     */
    public static TensorView of(String name, StorageType type, long[] shape, ByteBuffer bytes) {
        long size = TensorSizes.bytes(type, shape);
        if (size != bytes.remaining()) {
            throw new IllegalArgumentException(name + " needs " + size + " bytes, got " + bytes.remaining());
        }
        return new TensorView(
                name, type, shape.clone(), bytes.slice().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN), null);
    }

    public String name() {
        return name;
    }

    public StorageType type() {
        return type;
    }

    /** The dimensions, outermost first; empty for a scalar. */
    public long[] shape() {
        return shape.clone();
    }

    /** Number of elements. */
    public long elements() {
        return TensorSizes.elements(shape);
    }

    /**
     * The stored bytes, little-endian, read-only, positioned at 0. Of a selection of rows it is a copy, else the file
     * itself.
     */
    public ByteBuffer bytes() {
        throw new UnsupportedOperationException();
    }

    /**
     * All elements as 32-bit floats.
     *
     * @throws org.llmfactory.api.error.FactoryException {@code INVALID_FILE} when the type is not one that is read
     */
    public float[] toFloats() {
        throw new UnsupportedOperationException();
    }

    /** All elements as bfloat16 (nearest, ties to even), little-endian; errors as {@link #toFloats()}. */
    public ByteBuffer toBfloat16() {
        throw new UnsupportedOperationException();
    }
}
