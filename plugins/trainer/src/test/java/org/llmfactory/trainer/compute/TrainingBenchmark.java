package org.llmfactory.trainer.compute;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import org.llmfactory.api.training.LoraParameters;
import org.llmfactory.models.decoder.PretrainedDecoder;
import org.llmfactory.torch.DType;
import org.llmfactory.torch.TorchEngine;
import org.llmfactory.torch.TorchOptions;

/**
 * How many tokens a second adapters of a model learn from; prints a line for each kind of batch. {@code peft_baseline.py}
 * measures the same batches with transformers and peft. See the README.
 */
final class TrainingBenchmark {
    private TrainingBenchmark() {}

    public static void main(String[] arguments) {
        int threads = Integer.getInteger("threads", 2);
        DType type = DType.valueOf(System.getProperty("type", "float32").toUpperCase(Locale.ROOT));
        boolean recompute = Boolean.getBoolean("recompute");
        int rounds = Integer.getInteger("rounds", 8);
        try (TorchEngine torch = TorchEngine.open(new TorchOptions("auto", threads, Optional.empty()));
                PretrainedDecoder model = PretrainedDecoder.open(Path.of(System.getProperty("model")));
                TrainingProgram program = TrainingProgram.load(torch, model, type, recompute)) {
            System.out.printf(Locale.ROOT, "4 x 128, one job: %.0f tokens/s%n", rate(program, 1, 4, 128, rounds));
            for (int length : new int[] {16, 32, 64, 128}) {
                double alone = rate(program, 1, 1, length, 4 * rounds);
                double together = rate(program, 4, 1, length, rounds);
                System.out.printf(
                        Locale.ROOT,
                        "1 x %d, one job after the other: %.0f tokens/s; four together: %.0f tokens/s; ratio %.2f%n",
                        length,
                        alone,
                        together,
                        together / alone);
            }
        }
    }

    private static double rate(TrainingProgram program, int jobs, int rows, int length, int rounds) {
        SplittableRandom random = new SplittableRandom(1);
        List<TrainableAdapter> adapters = new ArrayList<>();
        List<Part> parts = new ArrayList<>();
        for (int job = 0; job < jobs; job++) {
            TrainableAdapter adapter = TrainableAdapter.create(program, LoraParameters.defaults(), job);
            adapters.add(adapter);
            List<Sequence> sequences = new ArrayList<>();
            for (int row = 0; row < rows; row++) {
                int[] tokens = random.ints(length, 3, 40_000).toArray();
                boolean[] trained = new boolean[length];
                Arrays.fill(trained, true);
                sequences.add(new Sequence(tokens, trained));
            }
            parts.add(new Part(adapter, sequences, Collections.nCopies(rows, 1F / (rows * (length - 1))), 0));
        }
        long start = 0;
        for (int round = -2; round < rounds; round++) {
            if (round == 0) {
                start = System.nanoTime();
            }
            program.differentiate(parts);
            int step = round + 3;
            adapters.forEach(adapter -> adapter.step(step, 1e-4, 0.01, 1));
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        adapters.forEach(TrainableAdapter::close);
        return (double) jobs * rows * length * rounds / seconds;
    }
}
