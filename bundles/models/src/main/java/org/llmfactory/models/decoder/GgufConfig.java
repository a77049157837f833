package org.llmfactory.models.decoder;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.llmfactory.models.internal.Faults;
import org.llmfactory.models.tensor.GgufFile;
import org.llmfactory.models.tensor.TensorView;

/** Reads a decoder's configuration from the metadata of a GGUF file. */
final class GgufConfig {
    private static final double DEFAULT_THETA = 10_000;
    private static final List<String> STOP_TOKENS = List.of("eos", "eot", "eom");

    private final GgufFile gguf;
    private final GgufFields fields;
    private final DecoderFamily family;
    private final boolean headOnly;

    private GgufConfig(GgufFile gguf, boolean headOnly) {
        this.gguf = gguf;
        this.headOnly = headOnly;
        this.fields = new GgufFields(gguf);
        this.family = DecoderFamily.ofArchitecture(fields.file(), fields.architecture());
    }

    /** The configuration of the model in a file. */
    static DecoderConfig read(GgufFile gguf) {
        return new GgufConfig(gguf, false).decoder();
    }

    /** The same without the scaling of rotary positions, since a file may keep that among its weights. */
    static DecoderConfig readHead(GgufFile gguf) {
        return new GgufConfig(gguf, true).decoder();
    }

    private DecoderConfig decoder() {
        if (fields.ownWhole("expert_count", 0, Integer.MAX_VALUE).orElse(0) > 0) {
            throw Faults.invalid(fields.file(), "models with experts are not served yet");
        }
        if (gguf.names().contains("blk.0.attn_output.bias")) {
            throw Faults.invalid(fields.file(), "a bias on the output of attention is not served");
        }
        int hidden = fields.requiredOwnCount("embedding_length", ConfigLimits.WIDTH);
        int heads = fields.requiredOwnCount("attention.head_count", ConfigLimits.HEADS);
        int keyValueHeads =
                fields.ownCount("attention.head_count_kv", ConfigLimits.HEADS).orElse(heads);
        int headDim =
                fields.ownCount("attention.key_length", ConfigLimits.HEAD_WIDTH).orElse(hidden / heads);
        checkHeads(hidden, heads, keyValueHeads, headDim);
        int context = fields.requiredOwnCount("context_length", ConfigLimits.CONTEXT);
        int vocabulary = vocabulary();
        RopeScaling scaling = headOnly ? RopeScaling.NONE : scaling(context, headDim);
        return new DecoderConfig(
                family.modelType(),
                vocabulary,
                hidden,
                fields.requiredOwnCount("feed_forward_length", ConfigLimits.WIDTH),
                fields.requiredOwnCount("block_count", ConfigLimits.LAYERS),
                heads,
                keyValueHeads,
                headDim,
                fields.ownPositive("attention.layer_norm_rms_epsilon").orElse(family.defaultNormEpsilon()),
                RopeScaling.contextLength(context, scaling),
                fields.ownPositive("rope.freq_base").orElse(DEFAULT_THETA),
                scaling,
                fields.ownWhole("attention.sliding_window", 0, Integer.MAX_VALUE)
                        .orElse(0),
                family.attentionBias() || gguf.names().contains("blk.0.attn_q.bias"),
                family.queryKeyNorm(),
                !gguf.names().contains("output.weight"),
                specialTokens(List.of("bos"), vocabulary),
                specialTokens(STOP_TOKENS, vocabulary));
    }

    private void checkHeads(int hidden, int heads, int keyValueHeads, int headDim) {
        if (heads % keyValueHeads != 0) {
            throw fields.fault("attention.head_count_kv", "does not divide the number of heads");
        }
        if (headDim < 2 || headDim % 2 != 0) {
            throw fields.fault("attention.head_count", "gives heads of the odd width " + headDim + " of " + hidden);
        }
        int valueDim = fields.ownCount("attention.value_length", ConfigLimits.HEAD_WIDTH)
                .orElse(headDim);
        int rotated =
                fields.ownCount("rope.dimension_count", ConfigLimits.HEAD_WIDTH).orElse(headDim);
        if (valueDim != headDim || rotated != headDim) {
            throw fields.fault(
                    "rope.dimension_count",
                    "and the widths of key and value heads differ, which is not served: " + rotated + ", " + headDim
                            + ", " + valueDim);
        }
    }

    /** The embedding has a row for every token, whatever the list of tokens says. */
    private int vocabulary() {
        List<Long> shape = gguf.shape("token_embd.weight")
                .orElseThrow(() -> Faults.invalid(fields.file(), "'token_embd.weight' is missing"));
        if (shape.size() != 2 || shape.get(0) < 1 || shape.get(0) > ConfigLimits.VOCABULARY) {
            throw Faults.invalid(fields.file(), "'token_embd.weight' has an absurd shape");
        }
        return shape.get(0).intValue();
    }

    private RopeScaling scaling(int context, int headDim) {
        int original = fields.ownCount("rope.scaling.original_context_length", ConfigLimits.CONTEXT)
                .orElse(context);
        double attentionFactor = fields.ownPositive("rope.scaling.attn_factor").orElse(1);
        if (gguf.names().contains("rope_factors_short.weight")) {
            List<Double> shortFactors = frequencyFactors("rope_factors_short.weight", headDim);
            List<Double> longFactors = frequencyFactors("rope_factors_long.weight", headDim);
            return new RopeScaling.LongRope(shortFactors, longFactors, attentionFactor, original);
        }
        if (gguf.names().contains("rope_freqs.weight")) {
            // Llama 3 files hold its scaling worked out: what each frequency is divided by.
            List<Double> factors = frequencyFactors("rope_freqs.weight", headDim);
            return new RopeScaling.LongRope(factors, factors, 1, original);
        }
        String type = fields.ownText("rope.scaling.type").orElse("none");
        double factor = fields.ownPositive("rope.scaling.factor").orElse(1);
        return switch (type) {
            case "none" -> RopeScaling.NONE;
            case "linear" -> factor == 1 ? RopeScaling.NONE : new RopeScaling.Linear(factor);
            case "yarn" -> {
                double scale = attentionFactor * RopeScaling.Yarn.magnitude(factor, 1);
                yield new RopeScaling.Yarn(factor, scale, 32, 1, true, original);
            }
            default -> throw fields.fault("rope.scaling.type", "is " + Faults.quote(type) + ", which is not served");
        };
    }

    private List<Double> frequencyFactors(String name, int headDim) {
        TensorView view = gguf.find(name)
                .filter(found -> found.hasShape(headDim / 2))
                .orElseThrow(() -> Faults.invalid(
                        fields.file(),
                        Faults.quote(name) + " is missing or does not have " + headDim / 2 + " numbers"));
        List<Double> factors = new ArrayList<>();
        for (float factor : view.toFloats()) {
            if (!(factor > 0) || Float.isInfinite(factor)) {
                throw Faults.invalid(fields.file(), Faults.quote(name) + " holds " + factor);
            }
            factors.add((double) factor);
        }
        return factors;
    }

    private Set<Integer> specialTokens(List<String> names, int vocabulary) {
        Set<Integer> ids = new HashSet<>();
        for (String name : names) {
            fields.whole("tokenizer.ggml." + name + "_token_id", 0, vocabulary - 1)
                    .ifPresent(ids::add);
        }
        return ids;
    }
}
