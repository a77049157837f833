package org.llmfactory.merger.extract;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.merger.compute.AdapterBuilder;
import org.llmfactory.merger.compute.MergerProgram;
import org.llmfactory.merger.compute.Spectrum;
import org.llmfactory.models.adapter.LoraTarget;
import org.llmfactory.models.adapter.Projection;
import org.llmfactory.models.decoder.PretrainedDecoder;
import org.llmfactory.models.tensor.TensorSource;
import org.llmfactory.models.tensor.TensorView;
import org.llmfactory.torch.Arena;
import org.llmfactory.torch.Tensor;

/**
 * Finds in a fine-tuned model the adapter that comes closest to it: each linear layer's change, cut off after a rank. Safe for
 * use by several threads.
 */
public final class AdapterExtractor {
    private final MergerProgram program;

    public AdapterExtractor(MergerProgram program) {
        this.program = program;
    }

    /**
     * The adapter. Takes long for large models, as an eigenvalue decomposition of each layer does.
     *
     * @param baseName the base's name, for people
     * @throws FactoryException {@code UNSUPPORTED_PARAMETER} for a family whose adapters are not written, {@code
     *     ADAPTER_MISMATCH} when the models differ in shape, {@code INVALID_FILE} when no linear layer differs or a weight is
     *     not a number
     */
    public Extraction extract(PretrainedDecoder base, String baseName, PretrainedDecoder tuned, RankRule rule) {
        checkShapes(base, tuned);
        AdapterBuilder builder = new AdapterBuilder(base.config());
        List<Extraction.Layer> layers = new ArrayList<>();
        Set<String> linear = new HashSet<>();
        for (int layer = 0; layer < base.config().layers(); layer++) {
            for (Projection projection : Projection.values()) {
                LoraTarget target = new LoraTarget(layer, projection);
                String name = "model.layers." + layer + "." + projection.path() + ".weight";
                linear.add(name);
                extract(weight(base, name), weight(tuned, name), target, rule, builder)
                        .ifPresent(layers::add);
            }
        }
        if (layers.isEmpty()) {
            throw new FactoryException(ErrorCode.INVALID_FILE, "The two models have the same linear layers.");
        }
        return new Extraction(builder.build(baseName), layers, lost(base, tuned, linear));
    }

    private Optional<Extraction.Layer> extract(
            TensorView base, TensorView tuned, LoraTarget target, RankRule rule, AdapterBuilder builder) {
        try (Arena arena = program.newArena()) {
            if (WeightChange.of(base, tuned) == 0) {
                return Optional.empty();
            }
            Tensor change = program.difference(
                    arena, arena.of(tuned.toFloats(), tuned.shape()), arena.of(base.toFloats(), base.shape()));
            Spectrum spectrum = program.spectrum(arena, change);
            int rank = rule.rank(spectrum);
            MergerProgram.Truncation truncation = program.truncate(arena, change, spectrum, rank);
            builder.add(target, truncation.factors());
            return Optional.of(new Extraction.Layer(target, rank, truncation.residual()));
        }
    }

    private static List<Extraction.Lost> lost(PretrainedDecoder base, PretrainedDecoder tuned, Set<String> linear) {
        return base.weights().names().stream()
                .filter(name -> !linear.contains(name))
                .sorted()
                .map(name -> new Extraction.Lost(name, WeightChange.of(weight(base, name), weight(tuned, name))))
                .filter(lost -> lost.change() != 0)
                .toList();
    }

    private static void checkShapes(PretrainedDecoder base, PretrainedDecoder tuned) {
        TensorSource known = base.weights();
        TensorSource other = tuned.weights();
        if (!base.config().family().equals(tuned.config().family())
                || !known.names().equals(other.names())
                || base.config().heads() != tuned.config().heads()) {
            throw new FactoryException(
                    ErrorCode.ADAPTER_MISMATCH, "The fine-tuned model is of another architecture than the base.");
        }
        for (String name : known.names()) {
            if (!weight(base, name).hasShape(weight(tuned, name).shape())) {
                throw new FactoryException(
                        ErrorCode.ADAPTER_MISMATCH,
                        "The fine-tuned model has '" + name + "' in another shape than the base.");
            }
        }
    }

    private static TensorView weight(PretrainedDecoder model, String name) {
        return model.weights().find(name).orElseThrow();
    }
}
