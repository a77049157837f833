package org.llmfactory.torch;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A compiled TorchScript program. Its methods may be called by several threads at once as long as they do not write to
 * the same tensors.
 */
@ProviderType
public interface Program extends AutoCloseable {
    /** Makes a reusable {@code List[Tensor]} argument. It may be empty. */
    TensorList listOf(List<Tensor> tensors);

    /**
     * Calls a method in inference mode.
     *
     * @param results owns the tensors returned
     * @param arguments in the order of the method's parameters: {@link Tensor}, {@link TensorList}, {@link Long},
     *     {@link Integer}, {@link Double}, {@link Boolean}, {@code long[]} (a {@code List[int]}) or {@code double[]} (a
     *     {@code List[float]})
     * @return the tensor, or the members of the tuple or list of tensors, that the method returned; empty for None
     * @throws TorchException with PyTorch's message when there is no such method, when the arguments do not fit it, or
     *     when it fails
     * @throws IllegalArgumentException when an argument is of none of these types
     * @throws IllegalStateException when the program, the arena or an argument is closed
     */
    List<Tensor> call(String method, Arena results, Object... arguments);

    /** Calls a method that returns one tensor. */
    default Tensor callForTensor(String method, Arena results, Object... arguments) {
        return call(method, results, arguments).get(0);
    }

    /**
     * Calls a method outside inference mode: autograd follows it, so the method can differentiate what it computes ({@code
     * torch.grad}), and its results may take part in later calls of this kind.
     *
     * @param results owns the tensors returned; at least one
     * @param arguments in the order of the method's parameters: {@link Tensor} or a {@link TensorList} that is not empty;
     *     numbers travel in tensors
     * @return the members of the tuple or list of tensors that the method returned
     * @throws TorchException as {@link #call}
     * @throws IllegalArgumentException when an argument is of another type, or an empty list
     * @throws IllegalStateException when the program, the arena or an argument is closed
     */
    List<Tensor> train(String method, Arena results, Object... arguments);

    /**
     * Waits for calls in flight, then frees the program and its lists; closing twice is harmless.
     *
     * @throws TorchException when a call still runs after a minute; nothing is freed then
     */
    @Override
    void close();
}
