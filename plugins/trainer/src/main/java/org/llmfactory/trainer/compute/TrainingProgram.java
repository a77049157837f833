package org.llmfactory.trainer.compute;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.decoder.DecoderProgram;
import org.llmfactory.decoder.DecoderWeights;
import org.llmfactory.decoder.WeightForm;
import org.llmfactory.models.decoder.DecoderConfig;
import org.llmfactory.models.decoder.PretrainedDecoder;
import org.llmfactory.models.decoder.RotaryFactors;
import org.llmfactory.torch.Arena;
import org.llmfactory.torch.DType;
import org.llmfactory.torch.Program;
import org.llmfactory.torch.Tensor;
import org.llmfactory.torch.TensorList;
import org.llmfactory.torch.Torch;

/**
 * A frozen base model that adapters are trained on: its weights, and {@code training.py}. One thread computes with it at a
 * time.
 */
public final class TrainingProgram implements AutoCloseable {
    /** Families whose projections are matrices of their own, so that an adapter can be written as PEFT has it. */
    private static final Set<String> FAMILIES = Set.of("llama", "mistral", "qwen2", "qwen3");

    private final DecoderConfig config;
    private final DecoderProgram decoder;
    private final Arena memory;
    private final DecoderWeights weights;
    private final int longContext;
    private final boolean recompute;

    private TrainingProgram(
            DecoderConfig config, DecoderProgram decoder, Arena memory, DecoderWeights weights, boolean recompute) {
        this.config = config;
        this.decoder = decoder;
        this.memory = memory;
        this.weights = weights;
        this.longContext = weights.hasLongFactors() ? RotaryFactors.longContextThreshold(config) : Integer.MAX_VALUE;
        this.recompute = recompute;
    }

    /** Whether adapters can be trained for a family of models. */
    public static boolean supports(String family) {
        return FAMILIES.contains(family);
    }

    /**
     * Reads the weights; the model can be closed afterwards.
     *
     * @param type of the base model's weights and of the activations, {@code FLOAT32} or {@code BFLOAT16}; adapters are
     *     always kept in float32
     * @param recompute whether the activations inside a layer are computed again for its gradient rather than kept
     *     (Chen et al. 2016): a third more arithmetic, a tenth of the memory
     * @throws FactoryException {@code UNSUPPORTED_PARAMETER} for a family that is not trained, {@code INVALID_FILE} when a
     *     weight is missing or damaged
     */
    public static TrainingProgram load(Torch torch, PretrainedDecoder model, DType type, boolean recompute) {
        DecoderConfig config = model.config();
        if (!supports(config.family())) {
            throw new FactoryException(
                    ErrorCode.UNSUPPORTED_PARAMETER,
                    "adapters for models of the family " + config.family() + " are not trained");
        }
        DecoderProgram decoder =
                DecoderProgram.load(torch, config, type, TrainingProgram.class, List.of("training.py"));
        Arena memory = torch.newArena();
        try {
            DecoderWeights weights =
                    DecoderWeights.load(memory, decoder, config, model.weights(), WeightForm.DIFFERENTIABLE);
            return new TrainingProgram(config, decoder, memory, weights, recompute);
        } catch (RuntimeException e) {
            decoder.close();
            memory.close();
            throw e;
        }
    }

    /** The base model's shape. */
    public DecoderConfig config() {
        return config;
    }

    Program program() {
        return decoder.program();
    }

    Arena memory() {
        return memory;
    }

    /** The figures of every sequence of every part. */
    public List<List<Figures>> evaluate(List<Part> parts) {
        try (Arena arena = memory.newChild();
                TensorList adapters = adapters(parts)) {
            List<Tensor> results = program().call("evaluate", arena, arguments(arena, parts, adapters, false));
            return figures(parts, results);
        }
    }

    /** As {@link #evaluate}; also adds to each adapter's gradient. */
    public List<List<Figures>> differentiate(List<Part> parts) {
        try (Arena arena = memory.newChild();
                TensorList adapters = adapters(parts)) {
            List<Tensor> results = program().train("gradients", arena, arguments(arena, parts, adapters, true));
            int next = 2;
            for (Part part : parts) {
                int count = part.adapter().tensors().size();
                part.adapter().collect(results.subList(next, next + count));
                next += count;
            }
            return figures(parts, results);
        }
    }

    private Object[] arguments(Arena arena, List<Part> parts, TensorList adapters, boolean dropping) {
        MicroBatch batch = MicroBatch.of(parts, longContext);
        long[] dims = decoder.dims();
        float[] numbers = new float[1 + 2 * parts.size()];
        long[] seeds = new long[parts.size()];
        numbers[0] = (float) decoder.epsilon();
        for (int run = 0; run < parts.size(); run++) {
            TrainableAdapter adapter = parts.get(run).adapter();
            numbers[1 + run] = adapter.scale();
            numbers[1 + parts.size() + run] = dropping ? adapter.dropout() : 0;
            seeds[run] = Integer.toUnsignedLong(parts.get(run).seed());
        }
        long[] sizes = {dims[0], dims[1], dims[2], dims[3], config.layers(), recompute ? 1 : 0};
        return new Object[] {
            arena.of(batch.tokens(), 3, batch.tokenCount()),
            arena.of(batch.sequences(), batch.sequences().length / 2, 2),
            arena.of(batch.runs(), batch.runs().length / 2, 2),
            arena.of(batch.wanted(), 2, batch.shares().length),
            arena.of(batch.shares(), batch.shares().length),
            arena.of(sizes, sizes.length),
            arena.of(numbers, numbers.length),
            arena.of(seeds, seeds.length),
            weights.rotary(),
            weights.weights(),
            adapters
        };
    }

    private TensorList adapters(List<Part> parts) {
        List<Tensor> all = new ArrayList<>();
        parts.forEach(part -> all.addAll(part.adapter().tensors()));
        return program().listOf(all);
    }

    private static List<List<Figures>> figures(List<Part> parts, List<Tensor> results) {
        return MicroBatch.figures(
                parts, results.get(0).toFloats(), results.get(1).toFloats());
    }

    @Override
    public void close() {
        weights.close();
        decoder.close();
        memory.close();
    }
}
