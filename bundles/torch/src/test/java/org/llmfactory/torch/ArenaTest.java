package org.llmfactory.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ArenaTest {
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

    @ParameterizedTest
    @EnumSource
    void everyTypeKeepsItsBytes(DType type) {
        byte[] bytes = new byte[6 * type.bytes()];
        Arrays.fill(bytes, (byte) 1);

        Tensor tensor = arena.copyOf(ByteBuffer.wrap(bytes), type, 2, 3);

        assertThat(tensor.type()).isEqualTo(type);
        assertThat(tensor.shape()).containsExactly(2, 3);
        assertThat(tensor.toBytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @EnumSource
    void everyTypeHasZeros(DType type) {
        Tensor zeros = arena.zeros(type, 2, 3);

        assertThat(zeros.type()).isEqualTo(type);
        assertThat(zeros.toBytes()).isEqualTo(new byte[6 * type.bytes()]);
    }

    @ParameterizedTest
    @EnumSource
    void everyTypeTakesScalarsAndEmptyShapes(DType type) {
        Tensor scalar = arena.copyOf(ByteBuffer.wrap(new byte[type.bytes()]), type);
        Tensor empty = arena.copyOf(ByteBuffer.allocate(0), type, 0, 4);

        assertThat(scalar.shape()).isEmpty();
        assertThat(scalar.toBytes()).hasSize(type.bytes());
        assertThat(empty.shape()).containsExactly(0, 4);
        assertThat(empty.toBytes()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void everyTypeComesBackFromAProgram(DType type) {
        Tensor ones = program.callForTensor("to_type", arena, arena.of(new float[] {1, 1}, 2), type.code());

        assertThat(ones.type()).isEqualTo(type);
        assertThat(program.callForTensor("to_float32", arena, ones).toFloats()).containsExactly(1, 1);
    }

    @Test
    void bfloat16HoldsTheUpperHalfOfAFloat() {
        ByteBuffer bytes = ByteBuffer.wrap(new byte[] {(byte) 0x80, 0x3f, 0, 0x40});

        Tensor tensor = arena.copyOf(bytes, DType.BFLOAT16, 2);

        assertThat(program.callForTensor("to_float32", arena, tensor).toFloats())
                .containsExactly(1, 2);
    }

    @Test
    void copyLeavesTheBufferAsItWas() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(12).putInt(0, 9).position(4);

        Tensor tensor = arena.copyOf(buffer, DType.INT32, 2);
        buffer.putInt(4, 7);

        assertThat(buffer.position()).isEqualTo(4);
        assertThat(tensor.toBytes()).isEqualTo(new byte[8]);
    }

    @Test
    void numbersGoInAndOut() {
        assertThat(arena.of(new long[] {Long.MIN_VALUE, 3}, 2).toLongs()).containsExactly(Long.MIN_VALUE, 3);
        assertThat(arena.of(new int[] {-1}, 1).toBytes()).containsExactly(-1, -1, -1, -1);
        assertThat(arena.of(new float[] {Float.NaN, 0.5f}, 2).toFloats()).containsExactly(Float.NaN, 0.5f);
    }

    @Test
    void viewIsReadInItsOwnOrder() {
        Tensor transposed = program.callForTensor("transpose", arena, arena.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));

        assertThat(transposed.shape()).containsExactly(3, 2);
        assertThat(transposed.toFloats()).containsExactly(1, 4, 2, 5, 3, 6);
    }

    @Test
    void valuesMustFillTheShape() {
        assertThatThrownBy(() -> arena.of(new float[] {1, 2}, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("2 values do not fill the shape [3]");
        assertThatThrownBy(() -> arena.copyOf(ByteBuffer.allocate(3), DType.BFLOAT16, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> arena.zeros(DType.FLOAT32, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> arena.zeros(DType.FLOAT32, Long.MAX_VALUE, 2)).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void readingAsAnotherTypeIsRefused() {
        assertThatThrownBy(() -> arena.of(new long[] {1}, 1).toFloats())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("holds INT64");
        assertThatThrownBy(() -> arena.of(new float[] {1}, 1).toLongs()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void typeThatHasNoNameHereIsRefused() {
        Tensor x = arena.of(new float[] {1}, 1);

        for (String method : new String[] {"to_complex", "to_float64"}) {
            Tensor other = program.callForTensor(method, arena, x);
            assertThatThrownBy(other::type)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("convert it inside the program");
        }
    }

    @Test
    void tooLargeATensorIsRefusedByPyTorch() {
        assertThatThrownBy(() -> arena.zeros(DType.FLOAT32, 1L << 50)).isInstanceOf(TorchException.class);
    }

    @Test
    void childEndsWithItsParent() {
        Arena child = arena.newChild();
        Tensor inChild = child.of(new float[] {1}, 1);
        arena.close();

        assertThatThrownBy(inChild::toFloats).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void parentOutlivesItsChild() {
        Tensor inParent = arena.of(new float[] {1}, 1);
        Arena child = arena.newChild();
        Tensor inChild = child.of(new float[] {2}, 1);
        child.close();

        assertThatThrownBy(inChild::toFloats).isInstanceOf(IllegalStateException.class);
        assertThat(inParent.toFloats()).containsExactly(1);
    }
}
