package org.llmfactory.inference.decoder;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.llmfactory.models.decoder.DecoderConfig;
import org.llmfactory.torch.Arena;
import org.llmfactory.torch.DType;
import org.llmfactory.torch.Program;
import org.llmfactory.torch.Tensor;
import org.llmfactory.torch.TensorList;
import org.llmfactory.torch.Torch;

/** {@code decoder.py} with one of its second parts and typed methods; the source says what each one computes. */
final class DecoderProgram implements AutoCloseable {

    private final Program program;
    private final DType type;
    private final long[] dims;
    private final long[] widths;
    private final double epsilon;

    private DecoderProgram(Program program, DecoderConfig config, DType type) {
        this.program = program;
        this.type = type;
        this.dims = new long[] {config.heads(), config.keyValueHeads(), config.headDim(), config.slidingWindow()};
        this.widths =
                new long[] {config.hiddenSize(), config.queryWidth(), config.keyValueWidth(), config.intermediateSize()
                };
        this.epsilon = config.normEpsilon();
    }

    /** Compiles the program for one model. */
    static DecoderProgram load(Torch torch, DecoderConfig config, ProgramForm form) {
        String source = source("decoder.py") + source(form.kernel() ? "adapters_kernel.py" : "adapters_batched.py");
        return new DecoderProgram(torch.load("Decoder", source), config, form.type());
    }

    private static String source(String name) {
        try (InputStream source = DecoderProgram.class.getResourceAsStream(name)) {
            if (source == null) {
                throw new IllegalStateException(name + " is missing from this bundle");
            }
            return new String(source.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    DType type() {
        return type;
    }

    TensorList listOf(List<Tensor> tensors) {
        return program.listOf(tensors);
    }

    /** Returns the logits and the likeliest token of each row. */
    List<Tensor> step(
            Arena arena,
            StepLayout step,
            AdapterLayout adapters,
            TensorList rotary,
            TensorList weights,
            TensorList cache,
            TensorList banks) {
        return program.call(
                "step",
                arena,
                arena.of(step.tokens(), StepLayout.TOKEN_FIELDS, step.tokenCount()),
                step.spans(),
                arena.of(step.tables(), step.tables().length),
                arena.of(step.wanted(), step.wanted().length),
                dims,
                epsilon,
                rotary,
                weights,
                cache,
                adapters.mixes(),
                arena.of(adapters.members(), adapters.members().length),
                arena.of(adapters.shares(), adapters.shares().length),
                adapters.factors(),
                banks);
    }

    /**
     * One weight of the program from one or several of the model's.
     *
     * @param heads for each part its heads when its rows are to be paired for the rotation, else 0
     */
    Tensor prepare(Arena results, List<Tensor> parts, long[] heads, boolean packed) {
        try (TensorList list = program.listOf(parts)) {
            return program.callForTensor("prepare", results, list, heads, type.code(), packed);
        }
    }

    Tensor prepareNorm(Arena results, Tensor weight) {
        return program.callForTensor("prepare_norm", results, weight, type.code());
    }

    Tensor prepareNorms(Arena results, Tensor query, Tensor key) {
        return program.callForTensor("prepare_norms", results, query, key, dims, type.code());
    }

    List<Tensor> prepareAdapter(Arena results, List<Tensor> a, List<Tensor> b, double[] scales, int rank) {
        try (TensorList listA = program.listOf(a);
                TensorList listB = program.listOf(b)) {
            return program.call("prepare_adapter", results, listA, listB, scales, dims, type.code(), rank);
        }
    }

    List<Tensor> emptyBank(Arena results, Tensor like, int slots, int rank) {
        return program.call("empty_bank", results, like, slots, rank, widths, type.code());
    }

    void place(Arena arena, TensorList bank, TensorList adapter, int slot) {
        program.call("place", arena, bank, adapter, slot);
    }

    /** Where tensors lie in memory. */
    long[] addresses(Arena arena, TensorList tensors) {
        try (Tensor addresses = program.callForTensor("addresses", arena, tensors)) {
            return addresses.toLongs();
        }
    }

    float[] row(Arena arena, Tensor logits, int index) {
        try (Tensor row = program.callForTensor("row", arena, logits, index)) {
            return row.toFloats();
        }
    }

    @Override
    public void close() {
        program.close();
    }
}
