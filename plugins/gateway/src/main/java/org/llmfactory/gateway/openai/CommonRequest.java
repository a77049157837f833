package org.llmfactory.gateway.openai;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.inference.SamplingParameters;
import org.llmfactory.gateway.generation.StopRules;
import org.llmfactory.gateway.model.AdapterReference;
import org.llmfactory.gateway.model.ModelResolver;
import org.llmfactory.gateway.model.ResolvedModel;

/**
 * What chat completions and completions have in common.
 *
 * @param model as written; may be empty for the default model
 * @param adapters the mix that replaces the adapter the model stands for, where there is one
 * @param stream whether the answer comes as events
 * @param includeUsage whether the last event tells the usage
 * @param choices answers to each prompt
 * @param sampling how tokens are picked
 * @param stop when to end
 * @param maxTokens tokens of an answer at most
 */
record CommonRequest(
        String model,
        Optional<List<AdapterReference>> adapters,
        boolean stream,
        boolean includeUsage,
        int choices,
        SamplingParameters sampling,
        StopRules stop,
        OptionalInt maxTokens) {
    CommonRequest {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(sampling, "sampling");
        Objects.requireNonNull(stop, "stop");
    }

    ResolvedModel resolve(Caller caller, ModelResolver models) throws InterruptedException {
        return adapters.isPresent() ? models.resolve(caller, model, adapters.get()) : models.resolve(caller, model);
    }
}
