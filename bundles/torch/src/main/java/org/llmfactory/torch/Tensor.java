package org.llmfactory.torch;

import org.osgi.annotation.versioning.ProviderType;

/** An n-dimensional array in native memory; lives until it or its arena is closed. */
@ProviderType
public interface Tensor extends AutoCloseable {
    DType type();

    long[] shape();

    /** A copy of the values of a FLOAT32 tensor, row by row. */
    float[] toFloats();

    /** A copy of the values of an INT64 tensor, row by row. */
    long[] toLongs();

    /** A copy of the raw little-endian values, of any type. */
    byte[] toBytes();

    /** Frees the memory now; closing twice is harmless. */
    @Override
    void close();
}
