package org.llmfactory.inference.runner;

import org.llmfactory.api.model.LocalModel;
import org.llmfactory.api.model.ModelInfo;
import org.llmfactory.torch.Torch;

/** Makes the runner that fits a model's family. OSGi service; safe for use by several threads. */
public interface RunnerFactory {
    /** Whether it knows the model's family; a model of another kind (embeddings, speech) is left alone. */
    boolean supports(ModelInfo model);

    /**
     * Reads the model's weights into memory. Takes long: not for a thread that others wait for.
     *
     * @throws org.llmfactory.api.error.FactoryException {@code INVALID_FILE} when the files are damaged or hostile,
     *     {@code UNSUPPORTED_PARAMETER} for a family or type that is not served; nothing stays open then
     */
    ModelRunner open(Torch torch, LocalModel model, RunnerOptions options);
}
