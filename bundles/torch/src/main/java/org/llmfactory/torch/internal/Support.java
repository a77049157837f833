package org.llmfactory.torch.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;

/**
 * Makes the tensors that DJL cannot: its JNI does not know bfloat16, asked for it it ends the process. So a program
 * does. It runs in training mode: what inference mode makes, autograd refuses to save.
 */
final class Support {
    private static final String SOURCE = """
            class Support(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
              def empty(self: __torch__.Support, like: Tensor) -> Tensor:
                return torch.empty_like(like, dtype=15, memory_format=0)
              def zeros(self: __torch__.Support, like: Tensor) -> Tensor:
                return torch.zeros_like(like, dtype=15, memory_format=0)
              def upload(self: __torch__.Support, like: Tensor, host: Tensor) -> Tensor:
                return torch.copy_(torch.empty_like(like, dtype=ops.prim.dtype(host), memory_format=0), host)
              def type_of(self: __torch__.Support, x: Tensor) -> int:
                return ops.prim.dtype(x)
            """;

    private final PtSymbolBlock module;

    Support(PtNDManager memory) {
        this.module = DjlProgram.compile("Support", SOURCE, memory);
    }

    PtNDArray empty(PtNDManager memory, long[] shape) {
        return make("empty", memory, shape);
    }

    PtNDArray zeros(PtNDManager memory, long[] shape) {
        return make("zeros", memory, shape);
    }

    /** A copy of {@code host} on the device of {@code memory}. */
    PtNDArray upload(PtNDManager memory, PtNDArray host) {
        return make("upload", memory, host.getShape().getShape(), host);
    }

    /** PyTorch's scalar type number. */
    int typeOf(PtNDArray array) {
        try (IValue argument = IValue.from(array);
                IValue type = IValueUtils.runMethod(module, "type_of", argument)) {
            return (int) type.toLong();
        }
    }

    private PtNDArray make(String method, PtNDManager memory, long[] shape, NDArray... more) {
        // Seen at any size, one byte serves as the pattern.
        try (PtNDArray one = (PtNDArray) memory.zeros(new Shape(), DataType.UINT8);
                PtNDArray like = JniUtils.broadcast(one, new Shape(shape));
                PtNDArray selector = (PtNDArray) memory.zeros(new Shape(), DataType.UINT8)) {
            selector.setName("module_method:" + method);
            NDList inputs = new NDList(like);
            inputs.addAll(new NDList(more));
            inputs.add(selector);
            return (PtNDArray) IValueUtils.forward(module, inputs, true).get(0);
        }
    }
}
