package org.llmfactory.models.tensor;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A GGUF file. */
public final class GgufFile implements TensorSource {
    public static GgufFile open(Path file) {
        throw new UnsupportedOperationException();
    }

    /**
     * The metadata in the order of the file. Unsigned and signed integers of all widths are {@link Long}, floats are
     * {@link Double}, the rest {@link Boolean} and {@link String}; arrays are {@code int[]} (elements up to 32 bits;
     * UINT32 above the range of int is refused), {@code long[]}, {@code float[]}, {@code double[]}, {@code boolean[]},
     * or a {@link java.util.List} of strings or of arrays.
     */
    public Map<String, Object> metadata() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Set<String> names() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<TensorView> find(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
