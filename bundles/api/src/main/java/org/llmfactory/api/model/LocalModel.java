package org.llmfactory.api.model;

import java.nio.file.Path;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A base model that lies complete and verified on this agent. One OSGi service for each model, with the properties
 * {@link #ID} and {@link #DIGEST}; it appears when the model has been pulled and vanishes when it is removed.
 *
 * <p>Safe for use by several threads.
 */
@ProviderType
public interface LocalModel {
    /** Service property: the model's id. */
    String ID = "model.id";

    /** Service property: the model's digest. */
    String DIGEST = "model.digest";

    ModelInfo info();

    /** The folder (Hugging Face layout) or the single GGUF file that holds the model. */
    Path location();

    /** The model's tokenizer and chat template, loaded at the first call and shared. */
    TextCodec text();
}
