package org.llmfactory.models.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.llmfactory.models.testing.Fixtures;

/** Every type against values that the gguf library for Python made. */
class QuantTypesTest {
    static Stream<String> tensors() {
        try (GgufFile file = GgufFile.open(Fixtures.path("gguf/quant-types.gguf"))) {
            return file.names().stream().sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("tensors")
    void floatsEqualTheReference(String name) {
        try (GgufFile file = GgufFile.open(Fixtures.path("gguf/quant-types.gguf"));
                SafetensorsFile expected =
                        SafetensorsFile.open(Fixtures.path("gguf/quant-types.expected.safetensors"))) {
            assertThat(file.find(name).orElseThrow().toFloats())
                    .containsExactly(expected.find(name).orElseThrow().toFloats());
        }
    }

    @ParameterizedTest
    @MethodSource("tensors")
    void bfloat16IsTheRoundedReference(String name) {
        try (GgufFile file = GgufFile.open(Fixtures.path("gguf/quant-types.gguf"));
                SafetensorsFile expected =
                        SafetensorsFile.open(Fixtures.path("gguf/quant-types.expected.safetensors"))) {
            float[] floats = expected.find(name).orElseThrow().toFloats();
            ShortBuffer rounded = file.find(name)
                    .orElseThrow()
                    .toBfloat16()
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asShortBuffer();
            assertThat(rounded.remaining()).isEqualTo(floats.length);
            for (int i = 0; i < floats.length; i++) {
                float back = Float.intBitsToFloat(rounded.get(i) << 16);
                assertThat(Math.abs(back - floats[i])).isLessThanOrEqualTo(Math.abs(floats[i]) * 0x1p-8f);
            }
        }
    }
}
