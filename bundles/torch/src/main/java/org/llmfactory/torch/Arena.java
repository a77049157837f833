package org.llmfactory.torch;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ProviderType;

/** Makes tensors and frees them all when closed. Safe for use by several threads. */
@ProviderType
public interface Arena extends AutoCloseable {
    Tensor of(float[] values, long... shape);

    Tensor of(long[] values, long... shape);

    Tensor of(int[] values, long... shape);

    /**
     * Copies raw little-endian values, all that remain in the buffer; the position is left as it was.
     *
     * @throws IllegalArgumentException when the buffer's size does not fit the shape
     */
    Tensor copyOf(ByteBuffer values, DType type, long... shape);

    Tensor zeros(DType type, long... shape);

    /** An arena that ends with this one, or earlier. */
    Arena newChild();

    @Override
    void close();
}
