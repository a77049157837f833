package org.llmfactory.models.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.models.testing.GgufWriter;

class GgufFaultsTest {
    @TempDir
    Path folder;

    static Stream<Arguments> files() {
        return Stream.of(
                fault(new byte[0], "not a GGUF file"),
                fault(new byte[64], "not a GGUF file"),
                fault(new GgufWriter().toBytes(1, 0, 0), "GGUF version 1 is not read"),
                fault(new GgufWriter().toBytes(0x0300_0000, 0, 0), "(big-endian) is not read"),
                fault(new GgufWriter().toBytes(3, -1, 0), "18446744073709551615 tensors do not fit"),
                fault(new GgufWriter().toBytes(3, 1L << 60, 0), "tensors do not fit"),
                fault(new GgufWriter().toBytes(3, 0, Long.MAX_VALUE), "metadata entries do not fit"),
                fault(new GgufWriter().text("a", "b").text("a", "c").toBytes(), "'a' is there twice"),
                fault(new GgufWriter().raw("a", 99, new byte[8]).toBytes(), "unknown type 99"),
                fault(
                        new GgufWriter()
                                .raw("a", 9, new byte[] {99, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0})
                                .toBytes(),
                        "unknown type 99"),
                fault(new GgufWriter().raw("a", 7, new byte[] {2}).toBytes(), "a boolean is 2"),
                fault(
                        new GgufWriter().raw("a", 8, GgufWriter.int64(1L << 40)).toBytes(),
                        "a text of 1099511627776 bytes does not fit"),
                fault(new GgufWriter().raw("a", 8, GgufWriter.int64(-1)).toBytes(), "bytes does not fit"),
                fault(new GgufWriter().raw("a", 10, GgufWriter.int64(-1)).toBytes(), "beyond 63 bits"),
                fault(array(8, 1L << 40), "texts do not fit"),
                fault(array(6, 1L << 31), "numbers do not fit"),
                fault(array(4, -5), "numbers do not fit"),
                fault(array(9, 1L << 33), "arrays do not fit"),
                fault(new GgufWriter().raw("a", 9, nested(1000)).toBytes(), "nests too many arrays"),
                fault(new GgufWriter().raw("a", 9, manyInner(200)).toBytes(), "nests too many arrays"),
                fault(new GgufWriter().uint32("general.alignment", 0).toBytes(), "not a power of two"),
                fault(new GgufWriter().uint32("general.alignment", 24).toBytes(), "not a power of two"),
                fault(new GgufWriter().text("general.alignment", "32").toBytes(), "not a power of two"),
                fault(new GgufWriter().entry("t", 0, 0).toBytes(), "has 0 dimensions"),
                fault(new GgufWriter().entry("t", 0, 0, 1, 1, 1, 1, 1).toBytes(), "has 5 dimensions"),
                fault(new GgufWriter().entry("t", 0, 0, -1).toBytes(), "absurd shape"),
                fault(new GgufWriter().entry("t", 0, 0, 1L << 40, 1L << 40).toBytes(), "absurd shape"),
                fault(new GgufWriter().entry("t", 0, 0, Long.MAX_VALUE).toBytes(), "absurd shape"),
                fault(new GgufWriter().entry("t", 2, 0, 4, 31).toBytes(), "absurd shape"),
                fault(new GgufWriter().entry("t", 11, 0, 4).toBytes(), "the type Q3_K; read are F32"),
                fault(new GgufWriter().entry("t", 4711, 0, 4).toBytes(), "the type 4711; read are F32"),
                fault(new GgufWriter().entry("t", -1, 0, 4).toBytes(), "the type 4294967295"),
                fault(new GgufWriter().entry("t", 0, 0, 4).toBytes(), "does not fit the 0 bytes of data"),
                fault(
                        new GgufWriter()
                                .tensor("t", new float[8], 8)
                                .entry("u", 0, 4, 4)
                                .toBytes(),
                        "alignment"),
                fault(
                        new GgufWriter()
                                .tensor("t", new float[8], 8)
                                .entry("u", 0, -32, 4)
                                .toBytes(),
                        "does not fit"),
                fault(
                        new GgufWriter()
                                .tensor("t", new float[8], 8)
                                .entry("u", 0, Long.MAX_VALUE - 31, 4)
                                .toBytes(),
                        "does not fit"),
                fault(
                        new GgufWriter()
                                .tensor("t", new float[8], 8)
                                .entry("u", 0, 0, 4)
                                .toBytes(),
                        "overlaps"),
                fault(
                        new GgufWriter()
                                .tensor("t", new float[8], 8)
                                .tensor("t", new float[8], 8)
                                .toBytes(),
                        "'t' is there twice"),
                fault(
                        new GgufWriter()
                                .raw("ignored", 8, GgufWriter.text("x".repeat(96)))
                                .entry("t", 0, 64, 4)
                                .tensor("v", new float[64], 64)
                                .toBytes(),
                        "overlaps"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void fileIsRefusedWithTheFault(byte[] bytes, String fault) throws IOException {
        assertRefused(bytes, fault);
    }

    @Test
    void truncatedFileIsRefusedAtEveryLength() throws IOException {
        byte[] whole = new GgufWriter()
                .text("general.architecture", "llama")
                .texts("tokens", List.of("a", "b"))
                .tensor("t", new float[] {1, 2, 3}, 3)
                .toBytes();
        for (int length = 0; length < whole.length; length++) {
            assertRefused(Arrays.copyOf(whole, length), "");
        }
    }

    @Test
    void metadataOfEveryTypeIsRead() throws IOException {
        byte[] bytes = new GgufWriter()
                .raw("uint8", 0, new byte[] {-1})
                .raw("int8", 1, new byte[] {-1})
                .raw("uint16", 2, new byte[] {-1, -1})
                .raw("int16", 3, new byte[] {-1, -1})
                .uint32("uint32", -1)
                .raw("int32", 5, GgufWriter.int32(-7))
                .float32("float32", 0.5f)
                .raw("bool", 7, new byte[] {1})
                .text("text", "grün")
                .texts("texts", List.of("a", "", "ü"))
                .raw("uint64", 10, GgufWriter.int64(1L << 40))
                .raw("int64", 11, GgufWriter.int64(-1L << 40))
                .raw("float64", 12, GgufWriter.int64(Double.doubleToLongBits(0.1)))
                .raw(
                        "ints",
                        9,
                        concat(GgufWriter.int32(5), GgufWriter.int64(2), GgufWriter.int32(-1), GgufWriter.int32(3)))
                .raw("unsigned", 9, concat(GgufWriter.int32(4), GgufWriter.int64(1), GgufWriter.int32(-1)))
                .raw(
                        "floats",
                        9,
                        concat(GgufWriter.int32(6), GgufWriter.int64(1), GgufWriter.int32(Float.floatToIntBits(2.5f))))
                .raw(
                        "arrays",
                        9,
                        concat(
                                GgufWriter.int32(9),
                                GgufWriter.int64(1),
                                GgufWriter.int32(7),
                                GgufWriter.int64(2),
                                new byte[] {0, 1}))
                .toBytes();
        try (GgufFile file = GgufFile.open(Files.write(folder.resolve("x.gguf"), bytes))) {
            assertThat(file.metadata())
                    .containsEntry("uint8", 255L)
                    .containsEntry("int8", -1L)
                    .containsEntry("uint16", 65535L)
                    .containsEntry("int16", -1L)
                    .containsEntry("uint32", 0xFFFF_FFFFL)
                    .containsEntry("int32", -7L)
                    .containsEntry("float32", 0.5)
                    .containsEntry("bool", true)
                    .containsEntry("text", "grün")
                    .containsEntry("texts", List.of("a", "", "ü"))
                    .containsEntry("uint64", 1L << 40)
                    .containsEntry("int64", -1L << 40)
                    .containsEntry("float64", 0.1)
                    .containsEntry("ints", new int[] {-1, 3})
                    .containsEntry("unsigned", new long[] {0xFFFF_FFFFL})
                    .containsEntry("floats", new float[] {2.5f});
            assertThat((List<?>) file.metadata().get("arrays")).singleElement().isEqualTo(new boolean[] {false, true});
        }
    }

    private void assertRefused(byte[] bytes, String fault) throws IOException {
        Path file = Files.write(folder.resolve("evil.gguf"), bytes);
        assertThatThrownBy(() -> GgufFile.open(file))
                .isInstanceOfSatisfying(
                        FactoryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_FILE))
                .hasMessageStartingWith("evil.gguf: ")
                .hasMessageContaining(fault);
    }

    private static Arguments fault(byte[] bytes, String fault) {
        return Arguments.of(bytes, fault);
    }

    private static byte[] array(int type, long count) {
        return new GgufWriter()
                .raw("a", 9, concat(GgufWriter.int32(type), GgufWriter.int64(count)))
                .toBytes();
    }

    private static byte[] nested(int depth) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < depth; i++) {
            out.writeBytes(GgufWriter.int32(9));
            out.writeBytes(GgufWriter.int64(1));
        }
        return out.toByteArray();
    }

    /** Arrays of a hundred empty arrays each. */
    private static byte[] manyInner(int outer) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(GgufWriter.int32(9));
        out.writeBytes(GgufWriter.int64(outer));
        for (int i = 0; i < outer; i++) {
            out.writeBytes(GgufWriter.int32(9));
            out.writeBytes(GgufWriter.int64(100));
            for (int j = 0; j < 100; j++) {
                out.writeBytes(GgufWriter.int32(7));
                out.writeBytes(GgufWriter.int64(0));
            }
        }
        return out.toByteArray();
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(out::writeBytes);
        return out.toByteArray();
    }
}
