package org.llmfactory.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The JVM of these tests has a heap of fixed size, so what grows is native memory. */
@EnabledOnOs(OS.LINUX)
class SoakTest {
    private static final int CALLS = 10_000;
    private static final int ROUNDS = 4;
    private static final int VALUES = 16_384;
    /** Leaking only one 64 KiB tensor in a hundred calls would exceed it. */
    private static final long BOUND_KIB = 6 * 1024;

    @Test
    void tenThousandCallsLeaveMemoryAsItWas() throws IOException {
        try (TorchEngine torch = TorchEngine.open(TorchOptions.defaults());
                Program program = torch.load("Sample", Sources.SAMPLE);
                Arena weights = torch.newArena();
                TensorList factors = program.listOf(List.of(weights.of(new float[VALUES], VALUES)))) {
            run(torch, program, factors, CALLS / 2);

            // The JVM itself still grows at first, now and then; a leak grows every time.
            long least = Long.MAX_VALUE;
            for (int round = 0; round < ROUNDS && least >= BOUND_KIB; round++) {
                long before = residentKib();
                run(torch, program, factors, CALLS);
                least = Math.min(least, residentKib() - before);
            }

            assertThat(least).as("growth in KiB").isLessThan(BOUND_KIB);
        }
    }

    private static void run(Torch torch, Program program, TensorList factors, int calls) {
        float[] values = new float[VALUES];
        ByteBuffer bytes = ByteBuffer.allocate(2 * VALUES);
        for (int i = 0; i < calls; i++) {
            try (Arena arena = torch.newArena()) {
                Tensor x = arena.of(values, VALUES);
                Tensor half = arena.copyOf(bytes, DType.BFLOAT16, VALUES);
                Tensor sum = program.callForTensor("add", arena, x, half);
                List<Tensor> pair = program.call("pair", arena, program.callForTensor("product", arena, sum, factors));
                assertThat(pair.get(1).toFloats()).hasSize(VALUES);
                if (i % 10 == 0) {
                    assertThatThrownBy(() -> program.call("add", arena, x, arena.zeros(DType.FLOAT32, 3)))
                            .isInstanceOf(TorchException.class);
                }
            }
        }
    }

    private static long residentKib() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .map(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }
}
