package org.llmfactory.inference.decoder;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.llmfactory.decoder.DecoderWeights;
import org.llmfactory.inference.runner.Chunk;
import org.llmfactory.inference.runner.ModelRunner;
import org.llmfactory.inference.runner.ResidentAdapter;
import org.llmfactory.inference.runner.RunnerLimits;
import org.llmfactory.inference.runner.RunnerOptions;
import org.llmfactory.inference.runner.StepOutput;
import org.llmfactory.models.adapter.LoraAdapter;
import org.llmfactory.models.adapter.LoraPair;
import org.llmfactory.models.adapter.LoraTarget;
import org.llmfactory.models.decoder.DecoderConfig;
import org.llmfactory.models.tensor.TensorSource;
import org.llmfactory.torch.Arena;
import org.llmfactory.torch.DType;
import org.llmfactory.torch.Tensor;
import org.llmfactory.torch.TensorList;
import org.llmfactory.torch.Torch;

/** Runs a decoder of the Llama line on PyTorch: one call of the program for each step. */
final class TorchModelRunner implements ModelRunner {
    private final DecoderConfig config;
    private final RunnerLimits limits;
    private final Arena memory;
    private final ServingProgram program;
    private final DecoderWeights weights;
    private final TensorList cache;
    private final AdapterMemory adapters;

    private TorchModelRunner(
            DecoderConfig config,
            RunnerLimits limits,
            Arena memory,
            ServingProgram program,
            DecoderWeights weights,
            TensorList cache,
            AdapterMemory adapters) {
        this.config = config;
        this.limits = limits;
        this.memory = memory;
        this.program = program;
        this.weights = weights;
        this.cache = cache;
        this.adapters = adapters;
    }

    /**
     * Reads the weights; the source can be closed afterwards.
     *
     * @throws org.llmfactory.api.error.FactoryException {@code INVALID_FILE} when a weight is missing or damaged
     */
    static TorchModelRunner load(Torch torch, DecoderConfig config, TensorSource source, RunnerOptions options) {
        DType type = options.weightType().orElseGet(() -> ProgramForm.fastestType(torch));
        return load(torch, config, source, options, ProgramForm.of(torch, type));
    }

    /** Reads the weights into a form of the caller's choice, whatever type the options name. */
    static TorchModelRunner load(
            Torch torch, DecoderConfig config, TensorSource source, RunnerOptions options, ProgramForm form) {
        ServingProgram program = ServingProgram.load(torch, config, form);
        Arena memory = torch.newArena();
        try {
            DecoderWeights weights = program.load(memory, config, source, form.packed());
            RunnerLimits limits = limits(config, form.type(), options);
            List<Tensor> cache = new ArrayList<>();
            for (int layer = 0; layer < config.layers(); layer++) {
                cache.add(memory.zeros(
                        form.type(),
                        limits.blocks(),
                        limits.blockSize(),
                        2L * config.keyValueHeads(),
                        config.headDim()));
            }
            AdapterMemory adapters = form.kernel()
                    ? new KernelAdapters(program, memory, config)
                    : new BatchedAdapters(program, memory, config.layers());
            return new TorchModelRunner(config, limits, memory, program, weights, program.listOf(cache), adapters);
        } catch (RuntimeException e) {
            program.close();
            memory.close();
            throw e;
        }
    }

    private static RunnerLimits limits(DecoderConfig config, DType type, RunnerOptions options) {
        long tokenBytes = 2L * config.keyValueWidth() * config.layers() * type.bytes();
        int blocks = Math.toIntExact(Math.max(1, options.keyValueBytes() / (tokenBytes * options.blockSize())));
        int contextLength = (int) Math.min(config.contextLength(), (long) blocks * options.blockSize());
        return new RunnerLimits(config.vocabularySize(), contextLength, options.blockSize(), blocks);
    }

    @Override
    public RunnerLimits limits() {
        return limits;
    }

    @Override
    public DecoderConfig config() {
        return config;
    }

    @Override
    public DType weightType() {
        return program.type();
    }

    @Override
    public StepOutput run(List<Chunk> chunks) {
        chunks.forEach(this::check);
        StepLayout step = StepLayout.of(chunks, limits.blockSize(), config.slidingWindow(), weights.hasLongFactors());
        AdapterLayout layout = adapters.layOut(step);
        Arena arena = memory.newChild();
        try {
            List<Tensor> results =
                    program.step(arena, step, layout, weights.rotary(), weights.weights(), cache, adapters.tensors());
            return new TorchStepOutput(program, arena, results.get(0), results.get(1));
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /** Native code would read and write elsewhere rather than fail. */
    private void check(Chunk chunk) {
        int end = chunk.start() + chunk.tokens().length;
        int blocksNeeded = (end + limits.blockSize() - 1) / limits.blockSize();
        if (chunk.tokens().length == 0 || chunk.start() < 0 || end > limits.contextLength()) {
            throw new IllegalArgumentException(
                    "positions " + chunk.start() + " to " + end + " of a context of " + limits.contextLength());
        }
        if (chunk.blockTable().length < blocksNeeded) {
            throw new IllegalArgumentException(
                    end + " positions need " + blocksNeeded + " blocks, not " + chunk.blockTable().length);
        }
        for (int block : chunk.blockTable()) {
            if (block < 0 || block >= limits.blocks()) {
                throw new IllegalArgumentException("block " + block + " of " + limits.blocks());
            }
        }
        for (int token : chunk.tokens()) {
            if (token < 0 || token >= limits.vocabularySize()) {
                throw new IllegalArgumentException("token " + token + " of " + limits.vocabularySize());
            }
        }
    }

    @Override
    public ResidentAdapter load(LoraAdapter adapter) {
        return load(adapter.pairs());
    }

    /** As {@link #load(LoraAdapter)}, of an adapter that need not come from a file. */
    ResidentAdapter load(Map<LoraTarget, LoraPair> pairs) {
        return adapters.load(pairs);
    }

    @Override
    public void close() {
        adapters.close();
        cache.close();
        weights.close();
        program.close();
        memory.close();
    }
}
