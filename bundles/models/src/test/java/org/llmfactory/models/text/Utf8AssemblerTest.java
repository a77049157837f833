package org.llmfactory.models.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class Utf8AssemblerTest {
    /** Expectations are Rust's {@code String::from_utf8_lossy} and Python's {@code bytes.decode(errors="replace")}. */
    @ParameterizedTest
    @CsvSource({
        "41 42, AB",
        "C3 A9, é",
        "E6 97 A5, 日",
        "F0 9F 91 8D, 👍",
        "80, \uFFFD",
        "BF 41, \uFFFDA",
        "C3, \uFFFD",
        "C3 41, \uFFFDA",
        "C3 C3 A9, \uFFFDé",
        "C0 80, \uFFFD\uFFFD",
        "E0 80 80, \uFFFD\uFFFD\uFFFD",
        "E6 97, \uFFFD",
        "E6 97 41, \uFFFDA",
        "ED A0 80, \uFFFD\uFFFD\uFFFD",
        "F0 9F 91, \uFFFD",
        "F0 9F 41, \uFFFDA",
        "F0 80 80 80, \uFFFD\uFFFD\uFFFD\uFFFD",
        "F4 90 80 80, \uFFFD\uFFFD\uFFFD\uFFFD",
        "F5 41, \uFFFDA",
        "FF FE, \uFFFD\uFFFD",
        "F1 80 E6 97 A5, \uFFFD日"
    })
    void bytesThatAreNoCharacterAreReplaced(String hex, String expected) {
        byte[] bytes = HexFormat.ofDelimiter(" ").parseHex(hex);
        Utf8Assembler assembler = new Utf8Assembler();
        StringBuilder text = new StringBuilder();

        for (byte each : bytes) {
            assembler.append(new byte[] {each}, 0, text);
        }
        assembler.finish(text);

        assertThat(text).hasToString(expected);
    }

    @Test
    void everyCharacterComesThrough() {
        Utf8Assembler assembler = new Utf8Assembler();
        StringBuilder text = new StringBuilder();
        StringBuilder expected = new StringBuilder();
        for (int c = 0; c <= Character.MAX_CODE_POINT; c += 7) {
            if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
                assembler.append(Character.toString(c).getBytes(UTF_8), 0, text);
                expected.appendCodePoint(c);
            }
        }
        assertThat(text).hasToString(expected.toString());
    }
}
