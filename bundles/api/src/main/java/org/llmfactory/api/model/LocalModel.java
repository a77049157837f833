package org.llmfactory.api.model;

import java.nio.file.Path;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A base model that lies complete and verified on this agent. It is registered as a {@link Model} and as a {@code
 * LocalModel}; it appears when the model has been pulled and vanishes when it is removed.
 *
 * <p>Safe for use by several threads.
 */
@ProviderType
public interface LocalModel extends Model {
    /** The folder (Hugging Face layout) or the single GGUF file that holds the model. */
    Path location();

    @Override
    default Path description() {
        return location();
    }
}
