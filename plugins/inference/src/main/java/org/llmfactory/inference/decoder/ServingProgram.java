package org.llmfactory.inference.decoder;

import java.util.List;
import org.llmfactory.decoder.DecoderProgram;
import org.llmfactory.decoder.DecoderWeights;
import org.llmfactory.decoder.WeightForm;
import org.llmfactory.models.decoder.DecoderConfig;
import org.llmfactory.models.tensor.TensorSource;
import org.llmfactory.torch.Arena;
import org.llmfactory.torch.DType;
import org.llmfactory.torch.Tensor;
import org.llmfactory.torch.TensorList;
import org.llmfactory.torch.Torch;

/** {@code serving.py} with one of its third parts and typed methods; the sources say what each one computes. */
final class ServingProgram implements AutoCloseable {

    private final DecoderProgram decoder;
    private final long[] widths;

    private ServingProgram(DecoderProgram decoder, DecoderConfig config) {
        this.decoder = decoder;
        this.widths =
                new long[] {config.hiddenSize(), config.queryWidth(), config.keyValueWidth(), config.intermediateSize()
                };
    }

    /** Compiles the program for one model. */
    static ServingProgram load(Torch torch, DecoderConfig config, ProgramForm form) {
        List<String> files = List.of("serving.py", form.kernel() ? "adapters_kernel.py" : "adapters_batched.py");
        return new ServingProgram(DecoderProgram.load(torch, config, form.type(), ServingProgram.class, files), config);
    }

    /** Reads a model's weights in the form that serves fastest. */
    DecoderWeights load(Arena arena, DecoderConfig config, TensorSource source, boolean packed) {
        return DecoderWeights.load(arena, decoder, config, source, packed ? WeightForm.PACKED : WeightForm.PLAIN);
    }

    DType type() {
        return decoder.type();
    }

    TensorList listOf(List<Tensor> tensors) {
        return decoder.program().listOf(tensors);
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
        return decoder.program()
                .call(
                        "step",
                        arena,
                        arena.of(step.tokens(), StepLayout.TOKEN_FIELDS, step.tokenCount()),
                        step.spans(),
                        arena.of(step.tables(), step.tables().length),
                        arena.of(step.wanted(), step.wanted().length),
                        decoder.dims(),
                        decoder.epsilon(),
                        rotary,
                        weights,
                        cache,
                        adapters.mixes(),
                        arena.of(adapters.members(), adapters.members().length),
                        arena.of(adapters.shares(), adapters.shares().length),
                        adapters.factors(),
                        banks);
    }

    List<Tensor> prepareAdapter(Arena results, List<Tensor> a, List<Tensor> b, double[] scales, int rank) {
        try (TensorList listA = decoder.program().listOf(a);
                TensorList listB = decoder.program().listOf(b)) {
            return decoder.program()
                    .call("prepare_adapter", results, listA, listB, scales, decoder.dims(), type().code(), rank);
        }
    }

    List<Tensor> emptyBank(Arena results, Tensor like, int slots, int rank) {
        return decoder.program().call("empty_bank", results, like, slots, rank, widths, type().code());
    }

    void place(Arena arena, TensorList bank, TensorList adapter, int slot) {
        decoder.program().call("place", arena, bank, adapter, slot);
    }

    /** Where tensors lie in memory. */
    long[] addresses(Arena arena, TensorList tensors) {
        try (Tensor addresses = decoder.program().callForTensor("addresses", arena, tensors)) {
            return addresses.toLongs();
        }
    }

    float[] row(Arena arena, Tensor logits, int index) {
        try (Tensor row = decoder.program().callForTensor("row", arena, logits, index)) {
            return row.toFloats();
        }
    }

    @Override
    public void close() {
        decoder.close();
    }
}
