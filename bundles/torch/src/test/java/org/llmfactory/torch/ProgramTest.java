package org.llmfactory.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProgramTest {
    private TorchEngine torch;
    private Program program;
    private Arena arena;

    @BeforeEach
    void open() {
        torch = TorchEngine.open(TorchOptions.defaults());
        program = torch.load("Sample", Sources.SAMPLE);
        arena = torch.newArena();
    }

    @AfterEach
    void close() {
        torch.close();
    }

    private Tensor floats(float... values) {
        return arena.of(values, values.length);
    }

    @Test
    void computesWithTensors() {
        Tensor sum = program.callForTensor("add", arena, floats(1, 2), floats(10, 20));

        assertThat(sum.type()).isEqualTo(DType.FLOAT32);
        assertThat(sum.shape()).containsExactly(2);
        assertThat(sum.toFloats()).containsExactly(11, 22);
    }

    @Test
    void takesEveryKindOfArgument() {
        Tensor sum =
                program.callForTensor("scalars", arena, 1L, 0.25, true, new long[] {10, 20}, new double[] {100, 200});
        Tensor ofInteger = program.callForTensor("scalars", arena, 1, 0.25, false, new long[0], new double[0]);

        assertThat(sum.toFloats()).containsExactly(331.75f);
        assertThat(sum.shape()).isEmpty();
        assertThat(ofInteger.toFloats()).containsExactly(1.25f);
    }

    @Test
    void differentiates() {
        Tensor x = arena.of(new float[] {1, 2, 3, 4}, 2, 2);
        try (Program training = torch.load("Slope", Sources.SLOPE);
                TensorList weights = training.listOf(List.of(floats(2, 3), floats(1, 1)))) {
            List<Tensor> results = training.train("slope", arena, x, weights);

            assertThat(results.get(0).toFloats()).containsExactly(2 + 6 + 6 + 12 + 2);
            assertThat(results.get(1).toFloats()).containsExactly(4, 6);
            assertThat(results.get(2).toFloats()).containsExactly(1, 1);
        }
    }

    @Test
    void takesAListOfTensorsManyTimes() {
        try (TensorList factors = program.listOf(List.of(floats(2, 3), floats(10, 10)))) {
            assertThat(factors.size()).isEqualTo(2);
            for (int i = 0; i < 3; i++) {
                Tensor product = program.callForTensor("product", arena, floats(1, 2), factors);
                assertThat(product.toFloats()).containsExactly(20, 60);
            }
        }
    }

    @Test
    void listKeepsItsTensorsAlive() {
        try (TensorList factors = program.listOf(List.of())) {
            assertThat(program.callForTensor("product", arena, floats(7), factors)
                            .toFloats())
                    .containsExactly(7);
        }
        TensorList factors;
        try (Arena shortLived = torch.newArena()) {
            factors = program.listOf(List.of(shortLived.of(new float[] {3}, 1)));
        }
        try (factors) {
            assertThat(program.callForTensor("product", arena, floats(7), factors)
                            .toFloats())
                    .containsExactly(21);
        }
    }

    @Test
    void givesTheMembersOfTuplesAndLists() {
        List<Tensor> pair = program.call("pair", arena, floats(1, 2));
        List<Tensor> rows = program.call("split", arena, arena.of(new float[] {1, 2, 3, 4}, 2, 2));

        assertThat(pair).extracting(Tensor::toFloats).containsExactly(new float[] {1, 2}, new float[] {-1, -2});
        assertThat(rows).extracting(Tensor::toFloats).containsExactly(new float[] {1, 2}, new float[] {3, 4});
    }

    @Test
    void givesNothingForAMethodThatReturnsNone() {
        Tensor x = floats(1, 2);

        assertThat(program.call("nothing", arena, x)).isEmpty();
        assertThat(x.toFloats()).containsExactly(2, 3);
    }

    @Test
    void refusesAResultThatIsNoTensor() {
        assertThatThrownBy(() -> program.call("number", arena, floats(1, 2)))
                .isInstanceOf(TorchException.class)
                .hasMessageContaining("must return tensors");
    }

    @Test
    void resultIsFreedWithItsArena() {
        Tensor sum;
        try (Arena results = torch.newArena()) {
            sum = program.callForTensor("add", results, floats(1), floats(2));
        }

        assertThatThrownBy(sum::toFloats).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void resultOutlivesTheArenaOfItsArguments() {
        Tensor copy;
        try (Arena arguments = torch.newArena()) {
            copy = program.callForTensor("copy", arena, arguments.of(new float[] {5}, 1));
        }

        assertThat(copy.toFloats()).containsExactly(5);
    }

    @Test
    void closedTensorIsRefused() {
        Tensor x = floats(1);
        x.close();
        x.close();

        assertThatThrownBy(() -> program.call("copy", arena, x)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void closedArenaIsRefused() {
        Arena closed = torch.newArena();
        closed.close();
        closed.close();

        assertThatThrownBy(() -> program.call("copy", closed, floats(1))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> closed.of(new float[] {1}, 1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void wrongSourceIsRefusedWithPyTorchsMessage() {
        String source = Sources.SAMPLE.replace("torch.add(x, y)", "torch.no_such_operator(x, y)");

        assertThatThrownBy(() -> torch.load("Sample", source))
                .isInstanceOf(TorchException.class)
                .hasMessageContaining("Sample does not compile")
                .hasMessageContaining("no_such_operator");
        assertThatThrownBy(() -> torch.load("Sample", "class Sample(Module):\n  no python\n"))
                .isInstanceOf(TorchException.class);
        assertThatThrownBy(() -> torch.load("Other", Sources.SAMPLE)).isInstanceOf(TorchException.class);
        assertThatThrownBy(() -> torch.load("not a name", Sources.SAMPLE)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void failingCallTellsPyTorchsMessageAndHarmsNothing() {
        assertThatThrownBy(() -> program.call("add", arena, floats(1, 2), floats(1, 2, 3)))
                .isInstanceOf(TorchException.class)
                .hasMessageStartingWith("Sample.add")
                .hasMessageContaining("must match the size");

        assertThat(program.callForTensor("add", arena, floats(1), floats(2)).toFloats())
                .containsExactly(3);
    }

    @Test
    void wrongArgumentsAreRefused() {
        assertThatThrownBy(() -> program.call("add", arena, floats(1)))
                .isInstanceOf(TorchException.class)
                .hasMessageContaining("missing value for argument 'y'");
        assertThatThrownBy(() -> program.call("add", arena, floats(1), 2L)).isInstanceOf(TorchException.class);
        assertThatThrownBy(() -> program.call("add", arena, floats(1), "text"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("argument 1 is a java.lang.String");
        assertThatThrownBy(() -> program.call("no_such_method", arena))
                .isInstanceOf(TorchException.class)
                .hasMessageContaining("no_such_method");
    }

    @Test
    void callsFromManyThreadsAtOnceAgree() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<float[]>> results = IntStream.range(0, 64)
                    .mapToObj(i -> threads.submit(() -> {
                        try (Arena own = torch.newArena()) {
                            Tensor x = own.of(new float[] {i, 2 * i}, 2);
                            return program.callForTensor("add", own, x, x).toFloats();
                        }
                    }))
                    .toList();
            for (int i = 0; i < results.size(); i++) {
                assertThat(results.get(i).get(30, TimeUnit.SECONDS)).containsExactly(2 * i, 4 * i);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void madeTensorsServeAutogradAndResultsDoNot() {
        for (DType type : List.of(DType.FLOAT32, DType.BFLOAT16)) {
            Tensor made = arena.zeros(type, 2);
            Tensor result = program.callForTensor("copy", arena, made);

            assertThat(program.callForTensor("is_inference", arena, made).toBytes())
                    .containsExactly(0);
            assertThat(program.callForTensor("is_inference", arena, result).toBytes())
                    .containsExactly(1);
        }
    }

    @Test
    void closedProgramIsRefused() {
        program.close();
        program.close();

        assertThatThrownBy(() -> program.call("copy", arena, floats(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the program Sample is closed");
    }
}
