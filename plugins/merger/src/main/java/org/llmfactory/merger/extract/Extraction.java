package org.llmfactory.merger.extract;

import java.util.List;
import java.util.Objects;
import org.llmfactory.models.adapter.LoraTarget;
import org.llmfactory.models.adapter.LoraWriter;

/**
 * An adapter that was found in a fine-tuned model, and what it lacks.
 *
 * @param adapter of scale 1
 * @param layers the linear layers that changed, in the order of the forward pass
 * @param lost the changed weights that no adapter holds: embedding, output head, norms, biases
 */
public record Extraction(LoraWriter adapter, List<Layer> layers, List<Lost> lost) {
    public Extraction {
        Objects.requireNonNull(adapter, "adapter");
        layers = List.copyOf(layers);
        lost = List.copyOf(lost);
    }

    /**
     * One linear layer.
     *
     * @param rank how many singular directions are kept
     * @param residual Frobenius norm of what is left out, relative to that of the change
     */
    public record Layer(LoraTarget target, int rank, double residual) {
        public Layer {
            Objects.requireNonNull(target, "target");
        }
    }

    /**
     * A change that is left out.
     *
     * @param weight for example {@code model.norm.weight}
     * @param change its Frobenius norm, relative to that of the base's weight
     */
    public record Lost(String weight, double change) {
        public Lost {
            Objects.requireNonNull(weight, "weight");
        }
    }
}
