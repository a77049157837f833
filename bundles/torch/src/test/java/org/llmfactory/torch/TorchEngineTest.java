package org.llmfactory.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TorchEngineTest {
    private static final String SOURCE = """
            class Sums(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
              def add(self: __torch__.Sums, x: Tensor, y: Tensor) -> Tensor:
                return torch.add(x, y)
              def floats(self: __torch__.Sums, x: Tensor) -> Tensor:
                return torch.to(x, 6)
            """;

    private static TorchEngine torch;

    @BeforeAll
    static void open() {
        torch = TorchEngine.open(TorchOptions.defaults());
    }

    @AfterAll
    static void close() {
        torch.close();
    }

    @Test
    void programComputes() {
        try (Program program = torch.load("Sums", SOURCE);
                Arena arena = torch.newArena()) {
            Tensor sum = program.callForTensor(
                    "add", arena, arena.of(new float[] {1, 2}, 2), arena.of(new float[] {10, 20}, 2));

            assertThat(sum.toFloats()).containsExactly(11, 22);
        }
    }

    @Test
    void bfloat16IsMadeFromItsBytes() {
        try (Program program = torch.load("Sums", SOURCE);
                Arena arena = torch.newArena()) {
            ByteBuffer bytes = ByteBuffer.wrap(new byte[] {(byte) 0x80, 0x3f, 0, 0x40});
            Tensor tensor = arena.copyOf(bytes, DType.BFLOAT16, 2);

            assertThat(tensor.type()).isEqualTo(DType.BFLOAT16);
            assertThat(tensor.toBytes()).isEqualTo(bytes.array());
            assertThat(program.callForTensor("floats", arena, tensor).toFloats())
                    .containsExactly(1, 2);
        }
    }

    @Test
    void ownOperatorsAreRegistered() {
        assertThat(torch.hasKernels()).isTrue();
        String source = """
                class Addresses(Module):
                  __parameters__ = []
                  __buffers__ = []
                  training : bool
                  def gap(self: __torch__.Addresses, x: Tensor) -> Tensor:
                    first = ops.llmfactory.addr(torch.select(x, 0, 0))
                    second = ops.llmfactory.addr(torch.select(x, 0, 1))
                    return torch.tensor(torch.sub(second, first))
                """;
        try (Program program = torch.load("Addresses", source);
                Arena arena = torch.newArena()) {
            Tensor gap = program.callForTensor("gap", arena, arena.zeros(DType.FLOAT32, 2, 8));

            assertThat(gap.toLongs()).containsExactly(32);
        }
    }
}
