package org.llmfactory.models.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.llmfactory.models.internal.Faults;

/**
 * One tensor of a file, row-major in PyTorch's order of dimensions. A view is light: values are read when asked for, and
 * selecting or reordering rows copies nothing. Immutable and safe for use by several threads.
 *
 * <p>A row is what one index of the outermost dimension selects; blocks never reach across rows.
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
        return new TensorView(name, type, shape.clone(), littleEndian(bytes.slice()), null);
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

    /** Whether the tensor has exactly these dimensions. */
    public boolean hasShape(long... dimensions) {
        return Arrays.equals(shape, dimensions);
    }

    /** Number of elements. */
    public long elements() {
        return TensorSizes.elements(shape);
    }

    /** The same tensor under another name. */
    public TensorView named(String other) {
        return new TensorView(other, type, shape, stored, rowOrder);
    }

    /** Rows {@code from} (inclusive) to {@code to} (exclusive). */
    public TensorView rows(int from, int to) {
        Objects.checkFromToIndex(from, to, rowCount());
        if (rowOrder != null) {
            return new TensorView(name, type, withRows(to - from), stored, Arrays.copyOfRange(rowOrder, from, to));
        }
        int rowBytes = rowBytes();
        ByteBuffer part = stored.slice(from * rowBytes, (to - from) * rowBytes);
        return new TensorView(name, type, withRows(to - from), littleEndian(part), null);
    }

    /** The rows in another order: row {@code i} of the result is row {@code order[i]} of this tensor. */
    public TensorView reordered(int[] order) {
        int rows = rowCount();
        if (rowOrder != null || order.length != rows) {
            throw new IllegalArgumentException(name + " has " + rows + " rows in their own order");
        }
        return new TensorView(name, type, shape, stored, order.clone());
    }

    /**
     * The stored bytes, little-endian, read-only, positioned at 0. Of reordered rows it is a copy, else the file
     * itself.
     */
    public ByteBuffer bytes() {
        if (rowOrder == null) {
            return littleEndian(stored.duplicate());
        }
        int rowBytes = rowBytes();
        ByteBuffer copy = ByteBuffer.allocateDirect(rowOrder.length * rowBytes);
        for (int row : rowOrder) {
            copy.put(stored.slice(row * rowBytes, rowBytes));
        }
        return littleEndian(copy.flip());
    }

    /**
     * All elements as 32-bit floats.
     *
     * @throws org.llmfactory.api.error.FactoryException {@code INVALID_FILE} when the type is not one that is read or
     *     the elements do not fit an array
     */
    public float[] toFloats() {
        float[] values = new float[checkedElements(Integer.MAX_VALUE - 8)];
        Conversion.of(type).toFloats(bytes(), values);
        return values;
    }

    /**
     * All elements as bfloat16 (nearest, ties to even), little-endian, positioned at 0. What is stored so already is not
     * copied.
     *
     * @throws org.llmfactory.api.error.FactoryException as {@link #toFloats()}
     */
    public ByteBuffer toBfloat16() {
        if (type == StorageType.BF16) {
            return bytes();
        }
        ByteBuffer values = ByteBuffer.allocateDirect(2 * checkedElements(Integer.MAX_VALUE / 2 - 8))
                .order(ByteOrder.LITTLE_ENDIAN);
        Conversion.of(type).toBfloat16(bytes(), values);
        return values;
    }

    @Override
    public String toString() {
        return name + " " + type + Arrays.toString(shape);
    }

    private int checkedElements(int most) {
        if (!type.isReadable()) {
            throw Faults.invalid(name, "values of type " + type + " are not read");
        }
        if (elements() > most) {
            throw Faults.invalid(
                    name, elements() + " elements are more than the " + most + " that are converted at once");
        }
        return (int) elements();
    }

    private int rowCount() {
        if (shape.length == 0 || (shape.length == 1 && type.blockSize() > 1)) {
            throw new IllegalArgumentException(name + " has no rows");
        }
        return Math.toIntExact(shape[0]);
    }

    private int rowBytes() {
        return Math.toIntExact(TensorSizes.bytes(type, withRows(1)));
    }

    private long[] withRows(int rows) {
        long[] changed = shape.clone();
        changed[0] = rows;
        return changed;
    }

    private static ByteBuffer littleEndian(ByteBuffer buffer) {
        return buffer.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }
}
