package org.llmfactory.decoder;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.llmfactory.models.decoder.DecoderConfig;
import org.llmfactory.torch.Arena;
import org.llmfactory.torch.DType;
import org.llmfactory.torch.Program;
import org.llmfactory.torch.Tensor;
import org.llmfactory.torch.TensorList;
import org.llmfactory.torch.Torch;

/**
 * {@code decoder.py} for one model, completed by the files that say how its tokens attend and what adapters add. Safe for
 * use by several threads.
 */
public final class DecoderProgram implements AutoCloseable {
    private final Program program;
    private final DType type;
    private final long[] dims;
    private final double epsilon;

    private DecoderProgram(Program program, DecoderConfig config, DType type) {
        this.program = program;
        this.type = type;
        this.dims = new long[] {config.heads(), config.keyValueHeads(), config.headDim(), config.slidingWindow()};
        this.epsilon = config.normEpsilon();
    }

    /**
     * Compiles the program for one model.
     *
     * @param type of its weights, {@code FLOAT32} or {@code BFLOAT16}
     * @param owner the class beside which the completing files lie
     * @param files their names, in their order
     */
    public static DecoderProgram load(
            Torch torch, DecoderConfig config, DType type, Class<?> owner, List<String> files) {
        StringBuilder source = new StringBuilder(source(DecoderProgram.class, "decoder.py"));
        files.forEach(file -> source.append('\n').append(source(owner, file)));
        return new DecoderProgram(torch.load("Decoder", source.toString()), config, type);
    }

    private static String source(Class<?> owner, String name) {
        try (InputStream source = owner.getResourceAsStream(name)) {
            if (source == null) {
                throw new IllegalStateException(name + " does not lie beside " + owner.getName());
            }
            return new String(source.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The compiled program; its methods are named in the sources. */
    public Program program() {
        return program;
    }

    /** Type of the weights. */
    public DType type() {
        return type;
    }

    /** Query heads, key-value heads, head width, sliding window. */
    public long[] dims() {
        return dims.clone();
    }

    /** What the norms add to the mean square. */
    public double epsilon() {
        return epsilon;
    }

    /**
     * One weight of the program from one or several of the model's.
     *
     * @param heads for each part its heads when its rows are to be paired for the rotation, else 0
     */
    Tensor prepare(Arena results, List<Tensor> parts, long[] heads, WeightForm form) {
        try (TensorList list = program.listOf(parts)) {
            boolean packed = form == WeightForm.PACKED;
            return finished(
                    results, form, arena -> program.callForTensor("prepare", arena, list, heads, type.code(), packed));
        }
    }

    Tensor prepareNorm(Arena results, Tensor weight, WeightForm form) {
        return finished(results, form, arena -> program.callForTensor("prepare_norm", arena, weight, type.code()));
    }

    Tensor prepareNorms(Arena results, Tensor query, Tensor key, WeightForm form) {
        return finished(
                results, form, arena -> program.callForTensor("prepare_norms", arena, query, key, dims, type.code()));
    }

    private Tensor finished(Arena results, WeightForm form, Function<Arena, Tensor> preparation) {
        if (form != WeightForm.DIFFERENTIABLE) {
            return preparation.apply(results);
        }
        try (Arena temporary = results.newChild();
                TensorList prepared = program.listOf(List.of(preparation.apply(temporary)))) {
            return program.train("ordinary", results, prepared).get(0);
        }
    }

    @Override
    public void close() {
        program.close();
    }
}
