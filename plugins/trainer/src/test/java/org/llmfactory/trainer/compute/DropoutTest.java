package org.llmfactory.trainer.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.llmfactory.torch.Arena;
import org.llmfactory.torch.TorchEngine;
import org.llmfactory.torch.TorchOptions;

class DropoutTest {
    private static final int SIZE = 100_000;

    @Test
    void theRightShareIsDroppedAndTheMeanStays() throws IOException {
        float[] ones = new float[SIZE];
        Arrays.fill(ones, 1);
        try (TorchEngine torch = TorchEngine.open(TorchOptions.defaults());
                Fixture fixture = Fixture.open("llama2");
                TrainingProgram program = fixture.program(torch, false);
                Arena arena = torch.newArena()) {
            float[] first = drop(program, arena, ones, 5, 0);
            assertThat(share(first)).isCloseTo(0.3, within(0.01));
            assertThat(mean(first)).isCloseTo(1, within(0.02));
            assertThat(drop(program, arena, ones, 5, 0)).isEqualTo(first);

            // Another seed or place drops independently: both drop where the product of the shares says.
            for (float[] other : new float[][] {drop(program, arena, ones, 6, 0), drop(program, arena, ones, 5, 1)}) {
                int both = 0;
                for (int i = 0; i < SIZE; i++) {
                    both += first[i] == 0 && other[i] == 0 ? 1 : 0;
                }
                assertThat((double) both / SIZE).isCloseTo(0.09, within(0.01));
            }
        }
    }

    private static float[] drop(TrainingProgram program, Arena arena, float[] values, int seed, int place) {
        return program.program()
                .callForTensor("drop", arena, arena.of(values, 100, SIZE / 100), 0.3, seed, place)
                .toFloats();
    }

    private static double share(float[] values) {
        int zeros = 0;
        for (float value : values) {
            zeros += value == 0 ? 1 : 0;
        }
        return (double) zeros / values.length;
    }

    private static double mean(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum / values.length;
    }
}
