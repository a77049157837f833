package org.llmfactory.torch;

/** Element types, with PyTorch's own numbers as TorchScript source writes them. */
public enum DType {
    FLOAT32(6, 4),
    FLOAT16(5, 2),
    BFLOAT16(15, 2),
    INT64(4, 8),
    INT32(3, 4),
    INT8(1, 1),
    UINT8(0, 1),
    BOOL(11, 1);

    private final int code;
    private final int bytes;

    DType(int code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    /** PyTorch's scalar type number. */
    public int code() {
        return code;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }
}
