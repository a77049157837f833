package org.llmfactory.models.tensor;

/** Overflow-safe arithmetic over shapes. */
final class TensorSizes {
    private TensorSizes() {}

    /**
     * Number of elements.
     *
     * @throws ArithmeticException when a dimension is negative or the product does not fit 63 bits
     */
    static long elements(long[] shape) {
        long product = 1;
        for (long dimension : shape) {
            if (dimension < 0) {
                throw new ArithmeticException("negative dimension " + dimension);
            }
            product = Math.multiplyExact(product, dimension);
        }
        return product;
    }

    /**
     * Bytes of storage.
     *
     * @throws ArithmeticException as {@link #elements}, or when a row is not a whole number of blocks
     */
    static long bytes(StorageType type, long[] shape) {
        long elements = elements(shape);
        long row = shape.length == 0 ? 1 : shape[shape.length - 1];
        if (row % type.blockSize() != 0) {
            throw new ArithmeticException("rows of " + row + " do not fill blocks of " + type.blockSize());
        }
        return Math.multiplyExact(elements / type.blockSize(), (long) type.blockBytes());
    }
}
