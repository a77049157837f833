package org.llmfactory.torch.internal;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.llmfactory.torch.DType;
import org.llmfactory.torch.Tensor;
import org.llmfactory.torch.TorchException;

/** A tensor in DJL's hands. */
record DjlTensor(PtNDArray array, Support support) implements Tensor {
    static DataType toDjl(DType type) {
        return switch (type) {
            case FLOAT32 -> DataType.FLOAT32;
            case FLOAT16 -> DataType.FLOAT16;
            case BFLOAT16 -> DataType.BFLOAT16;
            case INT64 -> DataType.INT64;
            case INT32 -> DataType.INT32;
            case INT8 -> DataType.INT8;
            case UINT8 -> DataType.UINT8;
            case BOOL -> DataType.BOOLEAN;
        };
    }

    @Override
    public DType type() {
        DataType known = array.getDataType();
        int code = known == DataType.UNKNOWN ? support.typeOf(array) : -1;
        for (DType candidate : DType.values()) {
            if (toDjl(candidate) == known || candidate.code() == code) {
                return candidate;
            }
        }
        throw new IllegalStateException(
                "a tensor of type " + (code < 0 ? known : "number " + code) + "; convert it inside the program");
    }

    @Override
    public long[] shape() {
        return array.getShape().getShape().clone();
    }

    @Override
    public float[] toFloats() {
        ByteBuffer bytes = bytesOf(DType.FLOAT32);
        float[] values = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(values);
        return values;
    }

    @Override
    public long[] toLongs() {
        ByteBuffer bytes = bytesOf(DType.INT64);
        long[] values = new long[bytes.remaining() / Long.BYTES];
        bytes.asLongBuffer().get(values);
        return values;
    }

    @Override
    public byte[] toBytes() {
        return copy().array();
    }

    @Override
    public void close() {
        array.close();
    }

    private ByteBuffer bytesOf(DType expected) {
        if (type() != expected) {
            throw new IllegalStateException("the tensor holds " + type() + ", not " + expected
                    + "; convert it inside the program, or use toBytes()");
        }
        return copy();
    }

    private ByteBuffer copy() {
        try {
            return JniUtils.getByteBuffer(array, false).order(ByteOrder.LITTLE_ENDIAN);
        } catch (EngineException e) {
            throw new TorchException("a tensor cannot be read: " + e.getMessage(), e);
        }
    }
}
