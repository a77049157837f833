package org.llmfactory.models.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.llmfactory.api.model.TextCodec;
import org.llmfactory.models.testing.Fixtures;

/** What {@code transformers} encodes and decodes, the codec does too, from a folder and from a GGUF file. */
final class TokenizerFixturesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TestFactory
    Stream<DynamicTest> folderAndGgufEncodeAndDecodeAsTransformers() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (String family : List.of("smollm2", "llama3", "qwen2", "llama2")) {
            Path folder = Fixtures.path("tokenizers/" + family);
            JsonNode cases = JSON.readTree(folder.resolve("expected.json").toFile());
            TextCodec fromFolder = TextCodecs.open(folder);
            TextCodec fromGguf = TextCodecs.open(folder.resolve("vocab.gguf"));
            for (JsonNode testCase : cases) {
                String name = family + ": " + testCase.get("text");
                tests.add(DynamicTest.dynamicTest(name + " from a folder", () -> check(fromFolder, testCase)));
                tests.add(DynamicTest.dynamicTest(name + " from GGUF", () -> check(fromGguf, testCase)));
            }
        }
        return tests.stream();
    }

    private static void check(TextCodec codec, JsonNode testCase) {
        String text = testCase.get("text").asText();
        int[] ids = ids(testCase.get("ids"));
        int[] withSpecial = ids(testCase.get("ids_with_special"));

        assertThat(codec.encode(text, false)).containsExactly(ids);
        assertThat(codec.encode(text, true)).containsExactly(withSpecial);
        assertThat(codec.decode(ids, false)).isEqualTo(testCase.get("decoded").asText());
        assertThat(codec.decode(ids, true))
                .isEqualTo(testCase.get("decoded_without_special").asText());
    }

    private static int[] ids(JsonNode node) {
        return Arrays.stream(JSON.convertValue(node, int[].class)).toArray();
    }
}
