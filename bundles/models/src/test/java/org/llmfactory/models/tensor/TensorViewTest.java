package org.llmfactory.models.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmfactory.api.error.FactoryException;

class TensorViewTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "1, 3F80",
        "-2, C000",
        "0x1.01p0, 3F80", // half way, the even neighbour is below
        "0x1.03p0, 3F82", // half way, the even neighbour is above
        "0x1.010002p0, 3F81", // just above half way
        "0x1.00fffep0, 3F80", // just below
        "0x1.fffffep127, 7F80", // rounds to infinity
        "1.0e-40, 0001", // denormal
        "-0.0, 8000",
        "Infinity, 7F80",
        "NaN, 7FC0"
    })
    void bfloat16IsTheNearestTiesToEven(float value, String expected) {
        ByteBuffer rounded = floats(value).toBfloat16();
        assertThat(rounded.getShort(0)).isEqualTo((short) Integer.parseInt(expected, 16));
    }

    @ParameterizedTest
    @CsvSource({
        "3C00, 1",
        "C000, -2",
        "0001, 5.9604645E-8",
        "83FF, -6.097555E-5",
        "0400, 6.1035156E-5",
        "7BFF, 65504",
        "7C00, Infinity",
        "FC00, -Infinity",
        "8000, -0.0",
        "7E00, NaN"
    })
    void halfPrecisionIsReadExactly(String bits, float expected) {
        ByteBuffer stored = ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN);
        stored.putShort(0, (short) Integer.parseInt(bits, 16));
        assertThat(TensorView.of("h", StorageType.F16, new long[] {1}, stored).toFloats())
                .containsExactly(expected);
    }

    @Test
    void largeTensorsAreConvertedInPiecesWithoutSeams() {
        float[] values = new float[100_003];
        Random random = new Random(5);
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
        }
        TensorView view = floats(values);
        assertThat(view.toFloats()).isEqualTo(values);
        ByteBuffer rounded = view.toBfloat16();
        for (int i = 0; i < values.length; i++) {
            assertThat(rounded.getShort(2 * i)).isEqualTo(Conversion.bfloat16(values[i]));
        }
    }

    @Test
    void rowsAreSelectedAndReordered() {
        TensorView view = TensorView.of(
                "m",
                StorageType.F32,
                new long[] {3, 2},
                floats(0, 1, 2, 3, 4, 5).bytes());
        assertThat(view.rows(1, 3).toFloats()).containsExactly(2, 3, 4, 5);
        assertThat(view.rows(1, 3).shape()).containsExactly(2, 2);
        TensorView turned = view.reordered(new int[] {2, 0, 1});
        assertThat(turned.toFloats()).containsExactly(4, 5, 0, 1, 2, 3);
        assertThat(turned.rows(1, 2).toFloats()).containsExactly(0, 1);
        assertThat(turned.bytes().isReadOnly()).isTrue();
        assertThatThrownBy(() -> view.rows(1, 4)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void bytesThatDoNotFitTheShapeAreRefused() {
        assertThatThrownBy(() -> TensorView.of("m", StorageType.F32, new long[] {3}, ByteBuffer.allocate(8)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tensorsBeyondTwoGibibytesAreRead() throws IOException {
        Path file = folder.resolve("large.safetensors");
        long columns = 1 << 20;
        long rows = 1100;
        long middle = 2 * rows * columns;
        String header = "{\"large\":{\"dtype\":\"BF16\",\"shape\":[" + rows + "," + columns + "],\"data_offsets\":[0,"
                + middle + "]},\"last\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[" + middle + ","
                + (middle + 8) + "]}}";
        byte[] start = SafetensorsWriter.assemble(header.getBytes(StandardCharsets.UTF_8), new byte[0]);
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.write(start);
            out.seek(start.length + middle);
            ByteBuffer last = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            out.write(last.putFloat(1.5f).putFloat(-2).array());
        }
        try (SafetensorsFile source = SafetensorsFile.open(file)) {
            assertThat(source.find("last").orElseThrow().toFloats()).containsExactly(1.5f, -2);
            assertThatThrownBy(() -> source.find("large"))
                    .isInstanceOf(FactoryException.class)
                    .hasMessageContaining("larger than the 2 GiB that are served");
        }
    }

    private static TensorView floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return TensorView.of("f", StorageType.F32, new long[] {values.length}, bytes);
    }
}
