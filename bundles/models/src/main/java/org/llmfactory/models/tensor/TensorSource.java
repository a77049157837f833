package org.llmfactory.models.tensor;

import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Named tensors of one or several files. Everything was checked when the source was opened, so a view that is found is
 * inside its file. Safe for use by several threads.
 */
@ProviderType
public interface TensorSource extends AutoCloseable {
    /** The names of all tensors, in no particular order. */
    Set<String> names();

    /** The tensor of this name. */
    Optional<TensorView> find(String name);

    /** Releases files. Views that were handed out stay valid. */
    @Override
    void close();
}
