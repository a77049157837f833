package org.llmfactory.trainer.compute;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.training.LoraParameters;
import org.llmfactory.models.adapter.LoraAdapter;
import org.llmfactory.models.adapter.LoraPair;
import org.llmfactory.models.adapter.LoraTarget;
import org.llmfactory.models.adapter.LoraWriter;
import org.llmfactory.torch.Arena;
import org.llmfactory.torch.DType;
import org.llmfactory.torch.Tensor;
import org.llmfactory.torch.TensorList;

/**
 * The parameters of one adapter in training and what AdamW remembers of each. A begins with values uniform in ±1/√in, as
 * PEFT draws them, B with zeros. Used by the thread of its program.
 */
public final class TrainableAdapter implements AutoCloseable {
    private final TrainingProgram program;
    private final AdapterShape shape;
    private final LoraParameters lora;
    private final Arena memory;
    private final int size;
    private final Tensor parameters;
    private final Tensor mean;
    private final Tensor square;
    private final Tensor gradient;
    private final List<Tensor> tensors;

    /**
     * All of an adapter's training, as numbers.
     *
     * @param parameters all matrices, one after the other
     * @param mean AdamW's first moment of each parameter
     * @param square its second moment
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared, never changed
    public record State(float[] parameters, float[] mean, float[] square) {}

    private TrainableAdapter(TrainingProgram program, LoraParameters lora, State state) {
        this.program = program;
        this.shape = new AdapterShape(program.config(), lora);
        this.lora = lora;
        this.memory = program.memory().newChild();
        this.size = state.parameters().length;
        this.parameters = memory.of(state.parameters(), size);
        this.mean = memory.of(state.mean(), size);
        this.square = memory.of(state.square(), size);
        this.gradient = memory.zeros(DType.FLOAT32, size);
        this.tensors = views();
    }

    /** A new adapter; the same seed gives the same one. */
    public static TrainableAdapter create(TrainingProgram program, LoraParameters lora, long seed) {
        AdapterShape shape = new AdapterShape(program.config(), lora);
        int size = sizeOf(shape);
        float[] parameters = new float[size];
        SplittableRandom random = new SplittableRandom(seed);
        int at = 0;
        for (AdapterShape.Matrix matrix : shape.matrices()) {
            double bound = matrix.up() ? 0 : 1 / Math.sqrt(matrix.columns());
            for (int i = 0; i < matrix.size(); i++) {
                parameters[at++] = matrix.up() ? 0 : (float) ((2 * random.nextDouble() - 1) * bound);
            }
        }
        return new TrainableAdapter(program, lora, new State(parameters, new float[size], new float[size]));
    }

    /**
     * The adapter of a saved state.
     *
     * @throws IllegalArgumentException when the state is of another shape
     */
    public static TrainableAdapter restore(TrainingProgram program, LoraParameters lora, State state) {
        int size = sizeOf(new AdapterShape(program.config(), lora));
        if (state.parameters().length != size || state.mean().length != size || state.square().length != size) {
            throw new IllegalArgumentException(
                    "a state of " + state.parameters().length + " parameters for an adapter of " + size);
        }
        return new TrainableAdapter(program, lora, state);
    }

    /**
     * Goes on from an adapter that there is already.
     *
     * @throws FactoryException {@code ADAPTER_MISMATCH} when it is of another rank, or changes other modules
     */
    public static TrainableAdapter of(TrainingProgram program, LoraParameters lora, LoraAdapter adapter) {
        AdapterShape shape = new AdapterShape(program.config(), lora);
        int size = sizeOf(shape);
        if (adapter.rank() != lora.rank() || !adapter.targetModules().equals(lora.targetModules())) {
            throw new FactoryException(
                    ErrorCode.ADAPTER_MISMATCH,
                    "the adapter to begin with is of rank " + adapter.rank() + " on " + adapter.targetModules()
                            + ", the one to train of rank " + lora.rank() + " on " + lora.targetModules());
        }
        float[] parameters = new float[size];
        int at = 0;
        for (AdapterShape.Matrix matrix : shape.matrices()) {
            LoraPair pair = adapter.pairs().get(matrix.target());
            if (pair != null && matrix.size() > 0) {
                float[] values = matrix.up()
                        ? shape.inProgramOrder(matrix.target(), pair.b().toFloats())
                        : pair.a().toFloats();
                System.arraycopy(values, 0, parameters, at, matrix.size());
            }
            at += matrix.size();
        }
        return new TrainableAdapter(program, lora, new State(parameters, new float[size], new float[size]));
    }

    private static int sizeOf(AdapterShape shape) {
        return shape.matrices().stream().mapToInt(AdapterShape.Matrix::size).sum();
    }

    private List<Tensor> views() {
        long[] shapes = shape.shapes();
        try (Arena arena = memory.newChild()) {
            return program.program().train("views", memory, parameters, arena.of(shapes, shapes.length / 2, 2));
        }
    }

    /** The matrices, sharing the memory of the parameters. */
    List<Tensor> tensors() {
        return tensors;
    }

    float scale() {
        double divisor = lora.rankStabilized() ? Math.sqrt(lora.rank()) : lora.rank();
        return (float) (lora.alpha() / divisor);
    }

    float dropout() {
        return (float) lora.dropout();
    }

    /** Adds to the gradient. */
    void collect(List<Tensor> gradients) {
        try (Arena arena = memory.newChild();
                TensorList list = program.program().listOf(gradients)) {
            program.program().call("collect", arena, gradient, list);
        }
    }

    /** Clears the gradient that was collected since the last step. */
    public void forget() {
        try (Arena arena = memory.newChild()) {
            program.program().call("forget", arena, gradient);
        }
    }

    /** The gradient that was collected since the last step, in the order of the parameters. */
    float[] gradient() {
        return gradient.toFloats();
    }

    /**
     * One step of AdamW with the gradient collected since the last one.
     *
     * @param step 1 for the first
     * @param rate the learning rate
     * @param decay the weight decay
     * @param limit the gradient is scaled down to this norm
     * @return the norm of the gradient before that; not finite when training has broken down, and then nothing is changed
     */
    public double step(int step, double rate, double decay, double limit) {
        try (Arena arena = memory.newChild()) {
            Tensor norm = program.program()
                    .callForTensor("adamw", arena, parameters, mean, square, gradient, step, rate, decay, limit);
            return norm.toFloats()[0];
        }
    }

    /** A copy of its state. */
    public State state() {
        return new State(parameters.toFloats(), mean.toFloats(), square.toFloats());
    }

    /** Its two files. */
    public LoraWriter files(String baseModel) {
        LoraWriter writer = new LoraWriter(baseModel, lora.rank(), lora.alpha(), lora.dropout(), lora.rankStabilized());
        float[] all = parameters.toFloats();
        Map<LoraTarget, float[]> downs = new HashMap<>();
        int at = 0;
        for (AdapterShape.Matrix matrix : shape.matrices()) {
            if (matrix.size() > 0) {
                float[] values = Arrays.copyOfRange(all, at, at + matrix.size());
                if (matrix.up()) {
                    float[] down = Objects.requireNonNull(downs.get(matrix.target()), "every A comes before its B");
                    writer.add(matrix.target(), down, shape.inFileOrder(matrix.target(), values));
                } else {
                    downs.put(matrix.target(), values);
                }
            }
            at += matrix.size();
        }
        return writer;
    }

    @Override
    public void close() {
        memory.close();
    }
}
