package org.llmfactory.gateway.model;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.llmfactory.api.inference.AdapterWeight;
import org.llmfactory.api.inference.InferenceEngine;
import org.llmfactory.api.model.ModelInfo;
import org.llmfactory.api.model.TextCodec;
import org.llmfactory.api.project.Preset;
import org.llmfactory.gateway.route.Routing;

/**
 * What a request's model and adapters turned out to be.
 *
 * @param name what the answer calls the model: as the caller wrote it, or the base model's id
 * @param base the base model
 * @param routing what generates its tokens, and how they get there
 * @param codec its text side
 * @param adapters the mix; empty for the base model alone
 * @param preset the preset that the name stands for, if any: its system prompt and parameters are still to be applied
 */
public record ResolvedModel(
        String name,
        ModelInfo base,
        Routing routing,
        TextCodec codec,
        List<AppliedAdapter> adapters,
        Optional<Preset> preset) {
    public ResolvedModel {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(base, "base");
        Objects.requireNonNull(routing, "routing");
        Objects.requireNonNull(codec, "codec");
        adapters = List.copyOf(adapters);
        Objects.requireNonNull(preset, "preset");
    }

    /** Generates its tokens. */
    public InferenceEngine engine() {
        return routing.engine();
    }

    /** The adapters that change the answer: those of weight zero do not. */
    public List<AppliedAdapter> answering() {
        return adapters.stream().filter(adapter -> adapter.weight() != 0).toList();
    }

    /** The mix as the engine takes it. */
    public List<AdapterWeight> mix() {
        return answering().stream()
                .map(adapter -> new AdapterWeight(adapter.digest(), adapter.weight()))
                .toList();
    }

    /** OpenAI's name for the exact version of the model. */
    public String fingerprint() {
        return "fp_" + base.digest().substring(0, Math.min(12, base.digest().length()));
    }

    /** The adapters' names, parted by commas; empty for the base model alone. */
    public String adapterNames() {
        return adapters.stream().map(AppliedAdapter::name).collect(Collectors.joining(","));
    }
}
