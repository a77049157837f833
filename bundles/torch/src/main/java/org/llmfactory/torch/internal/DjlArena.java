package org.llmfactory.torch.internal;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Consumer;
import org.llmfactory.torch.Arena;
import org.llmfactory.torch.DType;
import org.llmfactory.torch.Tensor;
import org.llmfactory.torch.TorchException;

/**
 * Memory in DJL's hands. Values are written straight into PyTorch's own memory: a Java buffer underneath a tensor would
 * be freed only when the garbage collector gets to it.
 */
public final class DjlArena implements Arena {
    private final PtNDManager memory;
    private final PyTorch pytorch;

    private DjlArena(PtNDManager memory, PyTorch pytorch) {
        this.memory = memory;
        this.pytorch = pytorch;
    }

    /** An arena that ends with {@code parent}, or earlier. */
    public static DjlArena in(PtNDManager parent, PyTorch pytorch) {
        return new DjlArena(parent.newSubManager(parent.getDevice()), pytorch);
    }

    @Override
    public Tensor of(float[] values, long... shape) {
        return filled(
                DType.FLOAT32,
                shape,
                values.length,
                buffer -> buffer.asFloatBuffer().put(values));
    }

    @Override
    public Tensor of(long[] values, long... shape) {
        return filled(
                DType.INT64,
                shape,
                values.length,
                buffer -> buffer.asLongBuffer().put(values));
    }

    @Override
    public Tensor of(int[] values, long... shape) {
        return filled(
                DType.INT32,
                shape,
                values.length,
                buffer -> buffer.asIntBuffer().put(values));
    }

    @Override
    public Tensor copyOf(ByteBuffer values, DType type, long... shape) {
        if (values.remaining() % type.bytes() != 0) {
            throw new IllegalArgumentException(
                    values.remaining() + " bytes are no whole number of " + type + " values");
        }
        return filled(type, shape, values.remaining() / type.bytes(), buffer -> buffer.put(values.duplicate()));
    }

    @Override
    public Tensor zeros(DType type, long... shape) {
        check(shape);
        try {
            return tensor(
                    type == DType.BFLOAT16
                            ? pytorch.support().zeros(memory, shape)
                            : (PtNDArray) memory.zeros(new Shape(shape), DjlTensor.toDjl(type)));
        } catch (EngineException e) {
            throw new TorchException("no tensor " + type + Arrays.toString(shape) + ": " + e.getMessage(), e);
        }
    }

    @Override
    public Arena newChild() {
        return in(memory, pytorch);
    }

    @Override
    public void close() {
        memory.close();
    }

    PtNDManager memory() {
        return memory;
    }

    Tensor tensor(PtNDArray array) {
        return new DjlTensor(array, pytorch.support());
    }

    private Tensor filled(DType type, long[] shape, int count, Consumer<ByteBuffer> writer) {
        if (check(shape) != count) {
            throw new IllegalArgumentException(count + " values do not fill the shape " + Arrays.toString(shape));
        }
        try {
            if (!memory.getDevice().isGpu()) {
                return tensor(onHost(memory, type, shape, writer));
            }
            try (PtNDManager hostMemory = memory.newSubManager(Device.cpu())) {
                return tensor(pytorch.support().upload(memory, onHost(hostMemory, type, shape, writer)));
            }
        } catch (EngineException e) {
            throw new TorchException("no tensor " + type + Arrays.toString(shape) + ": " + e.getMessage(), e);
        }
    }

    private PtNDArray onHost(PtNDManager host, DType type, long[] shape, Consumer<ByteBuffer> writer) {
        PtNDArray array = type == DType.BFLOAT16
                ? pytorch.support().empty(host, shape)
                : host.create(new Shape(shape), DjlTensor.toDjl(type));
        writer.accept(JniUtils.getByteBuffer(array, true).order(ByteOrder.LITTLE_ENDIAN));
        return array;
    }

    private static long check(long[] shape) {
        long count = 1;
        for (long size : shape) {
            if (size < 0) {
                throw new IllegalArgumentException("a shape with a negative size: " + Arrays.toString(shape));
            }
            count = Math.multiplyExact(count, size);
        }
        return count;
    }
}
