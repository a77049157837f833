package org.llmfactory.torch;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Makes tensors and frees them all when closed. Safe for use by several threads. A closed arena makes nothing: {@link
 * IllegalStateException}. Memory that PyTorch cannot get is a {@link TorchException}.
 */
@ProviderType
public interface Arena extends AutoCloseable {
    /**
     * Copies values, row by row, to the device.
     *
     * @throws IllegalArgumentException when their number does not fit the shape
     */
    Tensor of(float[] values, long... shape);

    /**
     * Copies values, row by row, to the device.
     *
     * @throws IllegalArgumentException when their number does not fit the shape
     */
    Tensor of(long[] values, long... shape);

    /**
     * Copies values, row by row, to the device.
     *
     * @throws IllegalArgumentException when their number does not fit the shape
     */
    Tensor of(int[] values, long... shape);

    /**
     * Copies raw little-endian values, all that remain in the buffer; the position is left as it was.
     *
     * @throws IllegalArgumentException when the buffer's size does not fit the shape
     */
    Tensor copyOf(ByteBuffer values, DType type, long... shape);

    /** Makes a tensor of zeros; without a shape, a scalar. */
    Tensor zeros(DType type, long... shape);

    /** An arena that ends with this one, or earlier. */
    Arena newChild();

    /** Frees its tensors and its children; closing twice is harmless. No call may be using them. */
    @Override
    void close();
}
