package org.llmfactory.models.tensor;

import java.util.Arrays;
import java.util.Optional;

/**
 * How the elements of a tensor are stored. Block types keep {@link #blockSize()} neighbouring elements of one row in
 * {@link #blockBytes()} bytes; for all others a block is one element.
 */
public enum StorageType {
    F64(1, 8, -1),
    F32(1, 4, 0),
    F16(1, 2, 1),
    BF16(1, 2, 30),
    I64(1, 8, -1),
    I32(1, 4, -1),
    I16(1, 2, -1),
    I8(1, 1, -1),
    U64(1, 8, -1),
    U32(1, 4, -1),
    U16(1, 2, -1),
    U8(1, 1, -1),
    BOOL(1, 1, -1),
    F8_E4M3(1, 1, -1),
    F8_E5M2(1, 1, -1),
    Q4_0(32, 18, 2),
    Q4_1(32, 20, 3),
    Q5_0(32, 22, 6),
    Q5_1(32, 24, 7),
    Q8_0(32, 34, 8),
    Q4_K(256, 144, 12),
    Q5_K(256, 176, 13),
    Q6_K(256, 210, 14);

    private final int blockSize;
    private final int blockBytes;
    private final int ggufCode;

    StorageType(int blockSize, int blockBytes, int ggufCode) {
        this.blockSize = blockSize;
        this.blockBytes = blockBytes;
        this.ggufCode = ggufCode;
    }

    /** Elements in a block. */
    public int blockSize() {
        return blockSize;
    }

    /** Bytes of a block. */
    public int blockBytes() {
        return blockBytes;
    }

    /** Whether {@link TensorView#toFloats()} understands it. */
    public boolean isReadable() {
        return ggufCode >= 0 || this == F64;
    }

    /** The type with this number in GGUF files, if it is one this platform reads. */
    static Optional<StorageType> ofGguf(int code) {
        return Arrays.stream(values())
                .filter(type -> type.ggufCode == code && code >= 0)
                .findFirst();
    }
}
