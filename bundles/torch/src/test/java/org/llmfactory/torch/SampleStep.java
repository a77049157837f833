package org.llmfactory.torch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Something that computes like a decode step of a small model: many small parallel regions, one after the other. */
final class SampleStep implements AutoCloseable {
    private static final String SOURCE = """
            class SampleStep(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
              def run(self: __torch__.SampleStep, x: Tensor, weights: List[Tensor]) -> Tensor:
                for i in range(torch.floordiv(torch.len(weights), 2)):
                  y = torch.rms_norm(x, [576])
                  y = torch.silu(torch.linear(y, weights[torch.mul(i, 2)]))
                  x = torch.add(x, torch.linear(y, weights[torch.add(torch.mul(i, 2), 1)]))
                return x
            """;
    private static final int LAYERS = 30;
    private static final int BATCH = 16;
    private static final int HIDDEN = 576;
    private static final int INTERMEDIATE = 1536;

    private final Torch torch;
    private final Program program;
    private final Arena arena;
    private final TensorList weights;
    private final Tensor input;

    SampleStep(Torch torch) {
        this.torch = torch;
        this.program = torch.load("SampleStep", SOURCE);
        this.arena = torch.newArena();
        Random random = new Random(1);
        List<Tensor> tensors = new ArrayList<>();
        for (int i = 0; i < LAYERS; i++) {
            tensors.add(random(random, INTERMEDIATE, HIDDEN));
            tensors.add(random(random, HIDDEN, INTERMEDIATE));
        }
        this.weights = program.listOf(tensors);
        this.input = random(random, BATCH, HIDDEN);
    }

    private Tensor random(Random random, int rows, int columns) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian() / HIDDEN;
        }
        return arena.of(values, rows, columns);
    }

    void run() {
        try (Arena step = torch.newArena()) {
            program.call("run", step, input, weights);
        }
    }

    /** The median of at least 11 steps, over at least {@code time}. */
    double medianMillis(Duration time) {
        List<Long> nanos = new ArrayList<>();
        long end = System.nanoTime() + time.toNanos();
        while (nanos.size() < 11 || System.nanoTime() < end) {
            long start = System.nanoTime();
            run();
            nanos.add(System.nanoTime() - start);
        }
        long[] sorted = nanos.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2] / 1e6;
    }

    @Override
    public void close() {
        weights.close();
        program.close();
        arena.close();
    }
}
