package org.llmfactory.models.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

class SafetensorsFaultsTest {
    private static final String HUGE = "9223372036854775807";

    @TempDir
    Path folder;

    static Stream<Arguments> headers() {
        return Stream.of(
                fault("", 0, "a header of 0 bytes"),
                fault("[]", 0, "START_OBJECT expected"),
                fault("{\"a\":1}", 0, "START_OBJECT expected"),
                fault("{\"a\":{}}", 0, "lacks dtype, shape or two data_offsets"),
                fault("{\"a\":" + entry("F32", "[1]", "[0,4]") + "", 4, "bad header"),
                fault("{\"a\":" + entry("F32", "[1]", "[0,4]") + "} {}", 4, "goes on after its end"),
                fault(
                        "{\"a\":" + entry("F32", "[1]", "[0,4]") + ",\"a\":" + entry("F32", "[1]", "[0,4]") + "}",
                        4,
                        "Duplicate field 'a'"),
                fault("{\"a\":" + entry("F33", "[1]", "[0,4]") + "}", 4, "unknown dtype 'F33'"),
                fault("{\"a\":" + entry("Q4_0", "[32]", "[0,18]") + "}", 18, "unknown dtype 'Q4_0'"),
                fault("{\"a\":" + entry("F32", "[2]", "[0,4]") + "}", 4, "needs 8 bytes but has 4"),
                fault("{\"a\":" + entry("F32", "[-1]", "[0,4]") + "}", 4, "negative number"),
                fault("{\"a\":" + entry("F32", "[1.5]", "[0,4]") + "}", 4, "VALUE_NUMBER_INT expected"),
                fault("{\"a\":" + entry("F32", "[1e3]", "[0,4]") + "}", 4, "VALUE_NUMBER_INT expected"),
                fault("{\"a\":" + entry("F32", "[1,1,1,1,1,1,1,1,1]", "[0,4]") + "}", 4, "more than 8"),
                fault("{\"a\":" + entry("F32", "[" + HUGE + "," + HUGE + "]", "[0,4]") + "}", 4, "absurd shape"),
                fault("{\"a\":" + entry("F32", "[" + HUGE + "]", "[0,4]") + "}", 4, "absurd shape"),
                fault("{\"a\":" + entry("F32", "[92233720368547758070]", "[0,4]") + "}", 4, "out of range of long"),
                fault("{\"a\":" + entry("F32", "[1]", "[0," + HUGE + "]") + "}", 4, "claims bytes 0 to " + HUGE),
                fault("{\"a\":" + entry("F32", "[1]", "[4,0]") + "}", 4, "claims bytes 4 to 0"),
                fault("{\"a\":" + entry("F32", "[1]", "[4,8]") + "}", 4, "claims bytes 4 to 8 of 4"),
                fault("{\"a\":" + entry("F32", "[1]", "[0,4,8]") + "}", 4, "more than 2"),
                fault("{\"a\":" + entry("F32", "[1]", "[4,8]") + "}", 8, "leaves a gap"),
                fault("{\"a\":" + entry("F32", "[1]", "[0,4]") + "}", 8, "4 bytes at the end belong to no tensor"),
                fault(
                        "{\"a\":" + entry("F32", "[2]", "[0,8]") + ",\"b\":" + entry("F32", "[1]", "[4,8]") + "}",
                        8,
                        "'b' overlaps"),
                fault(
                        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"file\":\"/etc/passwd\"}}",
                        4,
                        "unknown field 'file'"),
                fault("{\"a\":" + "[".repeat(5000) + "]".repeat(5000) + "}", 0, "START_OBJECT expected"),
                fault("{\"__metadata__\":" + "[".repeat(5000) + "]".repeat(5000) + "}", 0, "nesting depth"),
                fault("{\"a\\u0000\\n\":{}}", 0, "'a??' lacks"));
    }

    @ParameterizedTest
    @MethodSource("headers")
    void headerIsRefusedWithTheFault(String header, int dataBytes, String fault) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        assertRefused(SafetensorsWriter.assemble(json, new byte[dataBytes]), fault);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 32, 200, 1, 0})
    void headerSizeIsBounded(long size) throws IOException {
        ByteBuffer file =
                ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN).putLong(0, size);
        assertRefused(file.array(), "a header of " + Long.toUnsignedString(size) + " bytes in a file of 100");
    }

    @Test
    void truncatedFileIsRefusedAtEveryLength() throws IOException {
        byte[] whole = new SafetensorsWriter().add("a", new float[] {1, 2}, 2).toBytes();
        for (int length = 0; length < whole.length; length++) {
            assertRefused(Arrays.copyOf(whole, length), "");
        }
    }

    @Test
    void typesWithoutFloatsAreListedButNotConverted() throws IOException {
        Path file = folder.resolve("x.safetensors");
        new SafetensorsWriter().add("mask", "BOOL", new byte[4], 4).write(file);
        try (SafetensorsFile opened = SafetensorsFile.open(file)) {
            TensorView view = opened.find("mask").orElseThrow();
            assertThat(view.type()).isEqualTo(StorageType.BOOL);
            assertThatThrownBy(view::toFloats)
                    .isInstanceOf(FactoryException.class)
                    .hasMessageContaining("type BOOL are not read");
        }
    }

    @Test
    void emptyTensorsAndScalarsAreRead() {
        Path file = folder.resolve("x.safetensors");
        new SafetensorsWriter()
                .add("empty", new float[0], 0, 7)
                .add("scalar", new float[] {3})
                .write(file);
        try (SafetensorsFile opened = SafetensorsFile.open(file)) {
            assertThat(opened.find("empty").orElseThrow().toFloats()).isEmpty();
            assertThat(opened.find("scalar").orElseThrow().toFloats()).containsExactly(3);
            assertThat(opened.find("other")).isEmpty();
        }
    }

    @Test
    void folderInPlaceOfAFileIsRefused() throws IOException {
        Path file = Files.createDirectory(folder.resolve("x.safetensors"));
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(FactoryException.class)
                .hasMessage("x.safetensors: not a regular file");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../x.safetensors",
                "/etc/x.safetensors",
                "a/b.safetensors",
                "..\\\\x.safetensors",
                "x.bin",
                ".safetensors",
                "",
                "x\\u0000.safetensors",
                "x.safetensors\\n"
            })
    void shardNamesArePlain(String name) throws IOException {
        new SafetensorsWriter().add("a", new float[] {1}, 1).write(folder.resolve("x.safetensors"));
        assertIndexRefused("{\"weight_map\":{\"a\":\"" + name + "\"}}", "is not a plain .safetensors file name");
    }

    @Test
    void indexIsCheckedAgainstItsShards() throws IOException {
        new SafetensorsWriter().add("a", new float[] {1}, 1).write(folder.resolve("x.safetensors"));
        assertIndexRefused("{\"weight_map\":{\"b\":\"x.safetensors\"}}", "'b' is not in x.safetensors");
        assertIndexRefused("{\"weight_map\":{\"a\":\"y.safetensors\"}}", "y.safetensors: the file is missing");
        assertIndexRefused("{\"weight_map\":{\"a\":[]}}", "is not a plain .safetensors file name");
        assertIndexRefused("{\"weight_map\":[]}", "'weight_map' is not an object");
        assertIndexRefused("{}", "'weight_map' is missing");
        assertIndexRefused("[]", "not a JSON object");
        assertIndexRefused("", "not a JSON object");
        assertIndexRefused("{\"a\":" + "[".repeat(5000), "nesting depth");
    }

    private void assertIndexRefused(String json, String fault) throws IOException {
        Files.writeString(folder.resolve(SafetensorsFolder.INDEX), json);
        assertThatThrownBy(() -> SafetensorsFolder.open(folder))
                .isInstanceOfSatisfying(
                        FactoryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_FILE))
                .hasMessageContaining(fault);
    }

    private void assertRefused(byte[] bytes, String fault) throws IOException {
        Path file = Files.write(folder.resolve("evil.safetensors"), bytes);
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOfSatisfying(
                        FactoryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_FILE))
                .hasMessageStartingWith("evil.safetensors: ")
                .hasMessageContaining(fault)
                .message()
                .doesNotContain(folder.toString());
    }

    private static Arguments fault(String header, int dataBytes, String fault) {
        return Arguments.of(header, dataBytes, fault);
    }

    private static String entry(String type, String shape, String offsets) {
        return "{\"dtype\":\"" + type + "\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}";
    }
}
