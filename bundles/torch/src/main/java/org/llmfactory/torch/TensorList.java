package org.llmfactory.torch;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Tensors as one {@code List[Tensor]} argument, made once and passed many times: a program's weights. Closing it frees
 * the list; the tensors' memory lasts until both the list and the tensors are closed. Closed with its program.
 */
@ProviderType
public interface TensorList extends AutoCloseable {
    int size();

    @Override
    void close();
}
