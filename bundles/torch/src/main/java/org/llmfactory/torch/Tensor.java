package org.llmfactory.torch;

import org.osgi.annotation.versioning.ProviderType;

/**
 * An n-dimensional array in native memory; lives until it or its arena is closed, and refuses with an {@link
 * IllegalStateException} afterwards. What is read comes in the order of its shape, however it lies in memory.
 */
@ProviderType
public interface Tensor extends AutoCloseable {
    /**
     * Its element type.
     *
     * @throws IllegalStateException when PyTorch's type has no {@link DType}: convert it inside the program
     */
    DType type();

    /** Its sizes, outermost first; none for a scalar. */
    long[] shape();

    /**
     * A copy of the values of a FLOAT32 tensor, row by row.
     *
     * @throws IllegalStateException when it holds another type
     */
    float[] toFloats();

    /**
     * A copy of the values of an INT64 tensor, row by row.
     *
     * @throws IllegalStateException when it holds another type
     */
    long[] toLongs();

    /** A copy of the raw little-endian values, of any type. */
    byte[] toBytes();

    /** Frees the memory now; closing twice is harmless. */
    @Override
    void close();
}
