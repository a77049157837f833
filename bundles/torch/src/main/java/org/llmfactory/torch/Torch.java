package org.llmfactory.torch;

import org.osgi.annotation.versioning.ProviderType;

/**
 * The PyTorch engine of this process. OSGi service, there when the natives have been loaded; safe for use by several
 * threads. Tensors may be handed between threads, but one tensor is used by one thread at a time.
 */
@ProviderType
public interface Torch {
    /** {@code cpu} or {@code cuda:0}. */
    String device();

    /** Threads of one operator. */
    int threads();

    /** Whether matrix products in this type run on the hardware rather than being emulated. */
    boolean isFast(DType type);

    /**
     * Whether programs may name the operators of our own, {@code ops.llmfactory.*}. Without them a program that does
     * would not compile.
     */
    boolean hasKernels();

    /**
     * Compiles TorchScript source. The source holds one class {@code name} that derives from {@code Module}; see the
     * README for the dialect.
     *
     * @throws TorchException when the source does not compile, with PyTorch's message
     */
    Program load(String name, String source);

    /** A new arena; close it. */
    Arena newArena();
}
