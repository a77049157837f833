package org.llmfactory.gateway.lorax;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.gateway.generation.GenerationOptions;
import org.llmfactory.gateway.model.AdapterReference;
import org.llmfactory.gateway.model.ModelResolver;
import org.llmfactory.gateway.model.ResolvedModel;

/**
 * A generate request that has been checked.
 *
 * @param inputs the text to continue
 * @param adapterId the adapter or preset, or empty for the base model
 * @param adapters a mix in its place
 * @param adapterSource as the client named it; adapters come from the registry whatever it says
 * @param options how to answer
 * @param bestOf candidates, of which the best is answered
 * @param truncate tokens of the prompt to keep, the last ones
 * @param stream whether the answer comes as events
 * @param details whether tokens and counts are told
 * @param prefill whether the prompt's tokens are told too
 * @param fullText whether the answer begins with the inputs
 * @param chatTemplate whether the inputs are a user's message
 */
record LoraxRequest(
        String inputs,
        String adapterId,
        Optional<List<AdapterReference>> adapters,
        String adapterSource,
        GenerationOptions options,
        int bestOf,
        OptionalInt truncate,
        boolean stream,
        boolean details,
        boolean prefill,
        boolean fullText,
        boolean chatTemplate) {
    LoraxRequest {
        Objects.requireNonNull(inputs, "inputs");
        Objects.requireNonNull(options, "options");
    }

    ResolvedModel resolve(Caller caller, ModelResolver models) throws InterruptedException {
        return adapters.isPresent()
                ? models.resolve(caller, adapterId, adapters.get())
                : models.resolve(caller, adapterId);
    }
}
