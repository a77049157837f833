package org.llmfactory.inference.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.llmfactory.api.inference.AdapterWeight;
import org.llmfactory.inference.runner.Chunk;
import org.llmfactory.inference.runner.ModelRunner;
import org.llmfactory.inference.runner.ResidentAdapter;
import org.llmfactory.inference.runner.RunnerLimits;
import org.llmfactory.inference.runner.StepOutput;
import org.llmfactory.inference.runner.WeightedAdapter;
import org.llmfactory.models.adapter.LoraAdapter;
import org.llmfactory.models.decoder.DecoderConfig;
import org.llmfactory.models.decoder.RopeScaling;
import org.llmfactory.torch.DType;

/**
 * A model whose logits are a hash of the adapters and of everything the sequence said so far, read back from the blocks
 * it was written to. A wrong block table, a stale prefix or a foreign adapter changes every logit that follows.
 */
public final class ScriptedModelRunner implements ModelRunner {
    private final RunnerLimits limits;
    private final long[][] memory;
    private final RopeScaling rope;
    private final List<List<Chunk>> steps = new ArrayList<>();
    private Consumer<List<Chunk>> hook = chunks -> {};
    private boolean closed;
    private boolean outputOpen;

    /** A model without stretched positions. */
    public ScriptedModelRunner(RunnerLimits limits) {
        this(limits, RopeScaling.NONE);
    }

    ScriptedModelRunner(RunnerLimits limits, RopeScaling rope) {
        this.limits = limits;
        this.rope = rope;
        memory = new long[limits.blocks()][limits.blockSize()];
    }

    /** Called at the beginning of every step: to wait, to look or to throw. */
    public void onRun(Consumer<List<Chunk>> action) {
        hook = action;
    }

    /** What each step was asked to compute. */
    synchronized List<List<Chunk>> steps() {
        return List.copyOf(steps);
    }

    /** Whether its memory has been freed. */
    public boolean isClosed() {
        return closed;
    }

    @Override
    public RunnerLimits limits() {
        return limits;
    }

    @Override
    public DecoderConfig config() {
        return new DecoderConfig(
                "llama",
                limits.vocabularySize(),
                8,
                8,
                1,
                1,
                1,
                8,
                1e-5,
                limits.contextLength(),
                10000,
                rope,
                0,
                false,
                false,
                true,
                Set.of(),
                Set.of());
    }

    @Override
    public DType weightType() {
        return DType.FLOAT32;
    }

    @Override
    public ResidentAdapter load(LoraAdapter adapter) {
        throw new UnsupportedOperationException("the tests' adapters come from ScriptedAdapters");
    }

    @Override
    public StepOutput run(List<Chunk> chunks) {
        require(!closed, "the runner is closed");
        require(!outputOpen, "the output of the last step is still open");
        synchronized (this) {
            steps.add(chunks);
        }
        hook.accept(chunks);
        List<float[]> rows = new ArrayList<>();
        for (Chunk chunk : chunks) {
            write(chunk);
        }
        for (Chunk chunk : chunks) {
            read(chunk, rows);
        }
        outputOpen = true;
        return new Output(rows);
    }

    private void write(Chunk chunk) {
        require(chunk.tokens().length > 0, "an empty chunk");
        int end = chunk.start() + chunk.tokens().length;
        require(end <= limits.contextLength(), "beyond the context");
        require(chunk.blockTable().length * limits.blockSize() >= end, "the block table is too short");
        long mix = mix(chunk);
        for (int i = 0; i < chunk.tokens().length; i++) {
            int position = chunk.start() + i;
            long before = position == 0 ? 0 : cell(chunk, position - 1);
            long value = cell(mix, chunk.longContext(), before, chunk.tokens()[i], position);
            memory[chunk.blockTable()[position / limits.blockSize()]][position % limits.blockSize()] = value;
        }
    }

    private void read(Chunk chunk, List<float[]> rows) {
        int count = chunk.tokens().length;
        int first = switch (chunk.logits()) {
            case NONE -> count;
            case LAST -> count - 1;
            case ALL -> 0;
        };
        for (int i = first; i < count; i++) {
            long state = 0;
            for (int position = 0; position <= chunk.start() + i; position++) {
                state = attend(state, cell(chunk, position));
            }
            rows.add(logits(state, limits.vocabularySize()));
        }
    }

    private long cell(Chunk chunk, int position) {
        return memory[chunk.blockTable()[position / limits.blockSize()]][position % limits.blockSize()];
    }

    private static long mix(Chunk chunk) {
        List<AdapterWeight> parts = new ArrayList<>();
        for (WeightedAdapter part : chunk.adapters()) {
            ScriptedAdapters.Resident resident = (ScriptedAdapters.Resident) part.adapter();
            require(!resident.isClosed(), resident.digest() + " is used after it was freed");
            parts.add(new AdapterWeight(resident.digest(), part.weight()));
        }
        return mix(parts);
    }

    /** The logits that follow these tokens, computed from nothing but the tokens. */
    static float[] logits(List<AdapterWeight> adapters, boolean longContext, int[] tokens, int vocabularySize) {
        long mix = mix(AdapterMix.of(adapters).parts());
        long before = 0;
        long state = 0;
        for (int position = 0; position < tokens.length; position++) {
            before = cell(mix, longContext, before, tokens[position], position);
            state = attend(state, before);
        }
        return logits(state, vocabularySize);
    }

    private static long mix(List<AdapterWeight> parts) {
        long mix = 17;
        for (AdapterWeight part : parts) {
            mix = scramble(mix + part.digest().hashCode()) ^ Float.floatToIntBits(part.weight());
        }
        return mix;
    }

    private static long cell(long mix, boolean longContext, long before, int token, int position) {
        return scramble(scramble(mix + (longContext ? 1 : 0)) ^ scramble(before + token) + position) | 1;
    }

    private static long attend(long state, long cell) {
        require(cell != 0, "keys and values are read that were never written");
        return scramble(state + cell);
    }

    private static float[] logits(long state, int vocabularySize) {
        float[] logits = new float[vocabularySize];
        for (int id = 0; id < vocabularySize; id++) {
            logits[id] = (scramble(state + id) >>> 40) * 0x1.0p-24f * 8 - 4;
        }
        return logits;
    }

    private static long scramble(long value) {
        long z = (value + 0x9E3779B97F4A7C15L) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 29)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 32);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new AssertionError(message);
        }
    }

    @Override
    public void close() {
        require(!closed, "the runner is closed twice");
        closed = true;
    }

    private final class Output implements StepOutput {
        private final List<float[]> rows;

        Output(List<float[]> rows) {
            this.rows = rows;
        }

        @Override
        public int rows() {
            return rows.size();
        }

        @Override
        public int argmax(int row) {
            return LogProbabilities.best(rows.get(row), 1)[0];
        }

        @Override
        public float[] logits(int row) {
            return Arrays.copyOf(rows.get(row), limits.vocabularySize());
        }

        @Override
        public void close() {
            outputOpen = false;
        }
    }
}
