package org.llmfactory.decoder;

import java.util.ArrayList;
import java.util.List;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.models.decoder.DecoderConfig;
import org.llmfactory.models.decoder.RotaryFactors;
import org.llmfactory.models.tensor.TensorSource;
import org.llmfactory.models.tensor.TensorView;
import org.llmfactory.torch.Arena;
import org.llmfactory.torch.Tensor;
import org.llmfactory.torch.TensorList;

/** A model's weights in the order, form and type that the program takes them. Their memory is the arena's. */
public final class DecoderWeights implements AutoCloseable {
    private final TensorList weights;
    private final TensorList rotary;
    private final boolean hasLongFactors;

    private DecoderWeights(TensorList weights, TensorList rotary, boolean hasLongFactors) {
        this.weights = weights;
        this.rotary = rotary;
        this.hasLongFactors = hasLongFactors;
    }

    /**
     * Reads the weights; the source can be closed afterwards.
     *
     * @throws FactoryException {@code INVALID_FILE} when a weight is missing
     */
    public static DecoderWeights load(
            Arena arena, DecoderProgram program, DecoderConfig config, TensorSource source, WeightForm form) {
        Loader loader = new Loader(arena, program, config, source, form);
        List<Tensor> weights = loader.all();
        boolean hasLongFactors = RotaryFactors.longContextThreshold(config) < config.contextLength();
        return new DecoderWeights(
                program.program().listOf(weights),
                program.program().listOf(rotary(arena, config, hasLongFactors)),
                hasLongFactors);
    }

    /** As {@code decoder.py} takes them. */
    public TensorList weights() {
        return weights;
    }

    /** Inverse frequencies and attention scale. */
    public TensorList rotary() {
        return rotary;
    }

    /** Whether long sequences turn by rotary factors of their own. */
    public boolean hasLongFactors() {
        return hasLongFactors;
    }

    @Override
    public void close() {
        weights.close();
        rotary.close();
    }

    private static List<Tensor> rotary(Arena arena, DecoderConfig config, boolean hasLongFactors) {
        int sets = hasLongFactors ? 2 : 1;
        int pairs = config.headDim() / 2;
        float[] frequencies = new float[sets * pairs];
        float[] scales = new float[sets];
        for (int set = 0; set < sets; set++) {
            RotaryFactors factors = RotaryFactors.of(config, set == 1);
            System.arraycopy(factors.inverseFrequencies(), 0, frequencies, set * pairs, pairs);
            scales[set] = factors.attentionScale();
        }
        return List.of(arena.of(frequencies, sets, pairs), arena.of(scales, sets));
    }

    private static final class Loader {
        private static final long[] AS_IT_IS = {0};

        private final Arena arena;
        private final DecoderProgram program;
        private final DecoderConfig config;
        private final TensorSource source;
        private final WeightForm form;
        private final Tensor none;

        private Loader(
                Arena arena, DecoderProgram program, DecoderConfig config, TensorSource source, WeightForm form) {
            this.arena = arena;
            this.program = program;
            this.config = config;
            this.source = source;
            this.form = form;
            this.none = arena.zeros(program.type(), 0);
        }

        private List<Tensor> all() {
            List<Tensor> weights = new ArrayList<>();
            weights.add(prepare(unpacked(), AS_IT_IS, "model.embed_tokens.weight"));
            weights.add(prepareNorm("model.norm.weight"));
            weights.add(config.tiedEmbeddings() ? tiedHead(weights.get(0)) : prepare(form, AS_IT_IS, "lm_head.weight"));
            for (int layer = 0; layer < config.layers(); layer++) {
                addLayer(weights, "model.layers." + layer + ".");
            }
            return weights;
        }

        private Tensor tiedHead(Tensor embedding) {
            return form == WeightForm.PACKED ? program.prepare(arena, List.of(embedding), AS_IT_IS, form) : embedding;
        }

        /** In the order that {@code decoder.py} names. */
        private void addLayer(List<Tensor> weights, String layer) {
            String attention = layer + "self_attn.";
            long[] paired = {config.heads(), config.keyValueHeads(), 0};
            weights.add(prepareNorm(layer + "input_layernorm.weight"));
            weights.add(prepare(
                    form,
                    paired,
                    attention + "q_proj.weight",
                    attention + "k_proj.weight",
                    attention + "v_proj.weight"));
            weights.add(
                    config.attentionBias()
                            ? prepare(
                                    unpacked(),
                                    paired,
                                    attention + "q_proj.bias",
                                    attention + "k_proj.bias",
                                    attention + "v_proj.bias")
                            : none);
            weights.add(
                    config.queryKeyNorm()
                            ? prepareNorms(attention + "q_norm.weight", attention + "k_norm.weight")
                            : none);
            weights.add(prepare(form, AS_IT_IS, attention + "o_proj.weight"));
            weights.add(prepareNorm(layer + "post_attention_layernorm.weight"));
            weights.add(prepare(form, new long[] {0, 0}, layer + "mlp.gate_proj.weight", layer + "mlp.up_proj.weight"));
            weights.add(prepare(form, AS_IT_IS, layer + "mlp.down_proj.weight"));
        }

        private Tensor prepare(WeightForm wanted, long[] heads, String... names) {
            try (Arena files = arena.newChild()) {
                List<Tensor> parts = new ArrayList<>();
                for (String name : names) {
                    parts.add(Weights.copy(files, find(name), program.type()));
                }
                return program.prepare(arena, parts, heads, wanted);
            }
        }

        private Tensor prepareNorm(String name) {
            try (Arena files = arena.newChild()) {
                return program.prepareNorm(arena, Weights.copy(files, find(name), program.type()), form);
            }
        }

        private Tensor prepareNorms(String query, String key) {
            try (Arena files = arena.newChild()) {
                return program.prepareNorms(
                        arena,
                        Weights.copy(files, find(query), program.type()),
                        Weights.copy(files, find(key), program.type()),
                        form);
            }
        }

        private WeightForm unpacked() {
            return form == WeightForm.PACKED ? WeightForm.PLAIN : form;
        }

        private TensorView find(String name) {
            return source.find(name)
                    .orElseThrow(
                            () -> new FactoryException(ErrorCode.INVALID_FILE, "the model lacks the weight " + name));
        }
    }
}
