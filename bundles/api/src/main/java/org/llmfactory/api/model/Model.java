package org.llmfactory.api.model;

import java.nio.file.Path;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A base model that can be asked here, wherever its weights are. One OSGi service for each model and place, with the
 * properties {@link #ID} and {@link #DIGEST}. Of several services with one id a {@link LocalModel} is meant before the
 * others; those with another digest are another model.
 *
 * <p>Safe for use by several threads.
 */
@ProviderType
public interface Model {
    /** Service property: the model's id. */
    String ID = "model.id";

    /** Service property: the model's digest. */
    String DIGEST = "model.digest";

    ModelInfo info();

    /** The model's tokenizer and chat template, loaded at the first call and shared. */
    TextCodec text();

    /**
     * The folder or the GGUF file that holds the model's configuration and its tokenizer. The weights may be missing in
     * it, and a GGUF file may end before them.
     */
    Path description();

    /** The project that the model is for, since only agents of that project serve it; empty when it is for all. */
    default Optional<String> tenant() {
        return Optional.empty();
    }
}
