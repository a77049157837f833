package org.llmfactory.decoder;

import org.llmfactory.models.tensor.TensorView;
import org.llmfactory.torch.Arena;
import org.llmfactory.torch.DType;
import org.llmfactory.torch.Tensor;

/** Copies tensors of model files into PyTorch's memory. */
public final class Weights {
    private Weights() {}

    /** In the type it is stored in where PyTorch knows it; of quantised types as {@code type} or float32. */
    public static Tensor copy(Arena arena, TensorView view, DType type) {
        long[] shape = view.shape();
        return switch (view.type()) {
            case F32 -> arena.copyOf(view.bytes(), DType.FLOAT32, shape);
            case F16 -> arena.copyOf(view.bytes(), DType.FLOAT16, shape);
            case BF16 -> arena.copyOf(view.bytes(), DType.BFLOAT16, shape);
            default ->
                type == DType.BFLOAT16
                        ? arena.copyOf(view.toBfloat16(), DType.BFLOAT16, shape)
                        : arena.of(view.toFloats(), shape);
        };
    }
}
