package org.llmfactory.models.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.model.ChatPrompt;
import org.llmfactory.api.model.StreamingDecoder;
import org.llmfactory.api.model.TextCodec;
import org.llmfactory.models.testing.Fixtures;

final class TextCodecsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ChatPrompt HI = ChatPrompt.of(List.of(Map.of("role", "user", "content", "Hi")));

    @TempDir
    private Path folder;

    @Test
    void theConfigurationMaySwitchTheBeginningOff() throws IOException {
        TextCodec as = TextCodecs.open(copy("llama3", config -> {}));
        TextCodec without = TextCodecs.open(copy("llama3", config -> config.put("add_bos_token", false)));

        assertThat(as.encode("Hello", true)).startsWith(635);
        assertThat(without.encode("Hello", true)).containsExactly(as.encode("Hello", false));
        assertThat(without.encode("<|begin_of_text|>Hello", true)).startsWith(635);
    }

    @Test
    void theConfigurationMaySwitchBeginningAndEndOn() throws IOException {
        TextCodec codec = TextCodecs.open(
                copy("smollm2", config -> config.put("add_bos_token", true).put("add_eos_token", true)));

        int[] ids = codec.encode("Hello", true);

        assertThat(ids).startsWith(1).endsWith(2);
        assertThat(codec.encode("Hello", false)).doesNotContain(1, 2);
        assertThat(codec.encode("", true)).containsExactly(1, 2);
    }

    @Test
    void specialTokensMayBeWrittenAsObjects() throws IOException {
        TextCodec codec = TextCodecs.open(copy("llama3", config -> {
            config.putObject("bos_token").put("content", "<|begin_of_text|>").put("special", true);
            config.put("chat_template", "{{ bos_token }}!{{ pad_token }}");
        }));

        assertThat(codec.render(HI)).isEqualTo("<|begin_of_text|>!");
    }

    @Test
    void amongNamedTemplatesTheOneForToolsServesTools() throws IOException {
        TextCodec codec = TextCodecs.open(copy(
                "llama3",
                config -> config.putArray("chat_template")
                        .add(named("default", "plain"))
                        .add(named("tool_use", "{{ tools | length }} tools"))));

        assertThat(codec.render(HI)).isEqualTo("plain");
        assertThat(codec.render(new ChatPrompt(HI.messages(), List.of(Map.of("type", "function")), true, Map.of())))
                .isEqualTo("1 tools");
    }

    @Test
    void aTemplateInItsOwnFileGoesFirst() throws IOException {
        Path copied = copy("llama3", config -> {});
        Files.writeString(copied.resolve("chat_template.jinja"), "from the file\n{{ messages[0].content }}\n");

        assertThat(TextCodecs.open(copied).render(HI)).isEqualTo("from the file\nHi");
    }

    @Test
    void aModelWithoutTemplateSaysSo() throws IOException {
        TextCodec codec = TextCodecs.open(copy("llama3", config -> config.remove("chat_template")));

        assertThat(codec.hasChatTemplate()).isFalse();
        assertCode(ErrorCode.UNSUPPORTED_PARAMETER, "no chat template", () -> codec.render(HI));
    }

    @Test
    void aTemplatesRefusalIsTheCallersError() throws IOException {
        TextCodec codec = TextCodecs.open(
                copy("llama3", config -> config.put("chat_template", "{{ raise_exception('Roles must alternate') }}")));

        assertCode(ErrorCode.INVALID_REQUEST, "Roles must alternate", () -> codec.render(HI));
    }

    @Test
    void aBrokenTemplateIsTheFilesError() throws IOException {
        TextCodec codec = TextCodecs.open(copy("llama3", config -> config.put("chat_template", "{% if %}")));

        assertCode(ErrorCode.INVALID_FILE, "chat template: line 1", () -> codec.render(HI));
        assertThat(codec.decode(codec.encode("still works", false), true)).isEqualTo("still works");
    }

    @Test
    void endOfGenerationComesFromTheNearestSource() throws IOException {
        Path copied = copy("smollm2", config -> {});
        assertThat(TextCodecs.open(copied).endOfGeneration()).containsExactly(2);

        Files.writeString(copied.resolve("config.json"), "{\"eos_token_id\":1}");
        assertThat(TextCodecs.open(copied).endOfGeneration()).containsExactly(1);

        Files.writeString(copied.resolve("generation_config.json"), "{\"eos_token_id\":[0,2]}");
        assertThat(TextCodecs.open(copied).endOfGeneration()).containsExactlyInAnyOrder(0, 2);
    }

    @Test
    void folderAndGgufKnowTheSameModel() {
        for (String family : List.of("smollm2", "llama3", "qwen2")) {
            TextCodec fromFolder = TextCodecs.open(Fixtures.path("tokenizers/" + family));
            TextCodec fromGguf = TextCodecs.open(Fixtures.path("tokenizers/" + family + "/vocab.gguf"));

            assertThat(fromGguf.vocabularySize()).isGreaterThanOrEqualTo(fromFolder.vocabularySize());
            assertThat(fromGguf.endOfGeneration()).containsAll(fromFolder.endOfGeneration());
            assertThat(fromGguf.render(HI)).isEqualTo(fromFolder.render(HI));
            for (int id = 0; id < fromFolder.vocabularySize(); id++) {
                assertThat(fromGguf.bytesOf(id)).isEqualTo(fromFolder.bytesOf(id));
            }
        }
    }

    @Test
    void bytesOfATokenAreThoseItStandsFor() {
        TextCodec byteLevel = TextCodecs.open(Fixtures.path("tokenizers/smollm2"));
        TextCodec sentencePiece = TextCodecs.open(Fixtures.path("tokenizers/llama2"));
        for (TextCodec codec : List.of(byteLevel, sentencePiece)) {
            StringBuilder text = new StringBuilder();
            Utf8Assembler assembler = new Utf8Assembler();
            for (int id : codec.encode("naïve 日本 👍", false)) {
                assembler.append(codec.bytesOf(id), 0, text);
            }
            assertThat(text.toString().strip()).isEqualTo("naïve 日本 👍");
        }
        assertThat(byteLevel.bytesOf(1)).isEqualTo("<|im_start|>".getBytes(UTF_8));
        assertThat(sentencePiece.bytesOf(3 + 0xE6)).containsExactly(0xE6);
    }

    @Test
    void idsOutsideTheVocabularyStandForNothing() {
        TextCodec codec = TextCodecs.open(Fixtures.path("tokenizers/smollm2"));

        assertThat(codec.bytesOf(-1)).isEmpty();
        assertThat(codec.bytesOf(1_000_000)).isEmpty();
        assertThat(codec.decode(new int[] {-5, 1_000_000}, true)).isEmpty();
    }

    @Test
    void textThatIsNoUnicodeIsEncodedWithReplacements() {
        TextCodec codec = TextCodecs.open(Fixtures.path("tokenizers/smollm2"));

        assertThat(codec.decode(codec.encode("a\uD83Db\0c", false), true)).isEqualTo("a\uFFFDb\0c");
    }

    @Test
    void longTextsAreNeitherCutNorSlow() {
        TextCodec codec = TextCodecs.open(Fixtures.path("tokenizers/smollm2"));
        String text = "Some words and 1234 numbers. ".repeat(20_000);

        int[] ids = codec.encode(text, false);
        StreamingDecoder decoder = codec.streamingDecoder(true);
        StringBuilder streamed = new StringBuilder();
        for (int id : ids) {
            streamed.append(decoder.append(id));
        }

        assertThat(streamed.append(decoder.finish())).hasToString(text);
    }

    @Test
    void damagedFilesGiveOneError() throws IOException {
        Path copied = copy("smollm2", config -> {});
        Path tokenizer = copied.resolve("tokenizer.json");
        String whole = Files.readString(tokenizer);
        for (String damaged : List.of(
                "",
                "[]",
                "{",
                whole.substring(0, whole.length() / 2),
                "{\"model\":7}",
                "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":2000000000},\"merges\":[]}}",
                "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":\"x\"},\"merges\":[]}}",
                "{\"model\":{\"type\":\"Unheard\",\"vocab\":{\"a\":0}}}",
                "{\"added_tokens\":[{\"id\":-7,\"content\":\"x\"}]}",
                "{\"decoder\":{\"type\":\"CTC\"}}",
                whole.replace("\"ByteLevel\"", "\"Unheard\""))) {
            Files.writeString(tokenizer, damaged);
            assertCode(ErrorCode.INVALID_FILE, "tokenizer.json", () -> TextCodecs.open(copied));
        }
    }

    @Test
    void aFolderWithoutTokenizerSaysSo() {
        assertCode(ErrorCode.INVALID_FILE, "neither tokenizer.json nor", () -> TextCodecs.open(folder));
        assertCode(ErrorCode.INVALID_FILE, "missing", () -> TextCodecs.open(folder.resolve("no.gguf")));
    }

    @Test
    void anUnknownPreTokenizerIsNamed() {
        Map<String, Object> metadata = Map.of(
                "tokenizer.ggml.model",
                "gpt2",
                "tokenizer.ggml.pre",
                "from-tomorrow",
                "tokenizer.ggml.tokens",
                List.of("a", "b"),
                "tokenizer.ggml.merges",
                List.of("a b"));

        assertCode(
                ErrorCode.INVALID_FILE,
                "pre-tokenizer 'from-tomorrow' is not known",
                () -> new GgufTokenizerReader("x.gguf", metadata).read());
    }

    @Test
    void hostileMetadataGiveOneError() {
        List<Map<String, Object>> hostile = List.of(
                Map.of(),
                Map.of("tokenizer.ggml.model", "gpt2"),
                Map.of("tokenizer.ggml.model", "bert", "tokenizer.ggml.tokens", List.of("a")),
                Map.of("tokenizer.ggml.model", "llama", "tokenizer.ggml.tokens", List.of("a")),
                Map.of(
                        "tokenizer.ggml.model",
                        "llama",
                        "tokenizer.ggml.tokens",
                        List.of("a"),
                        "tokenizer.ggml.scores",
                        new float[1],
                        "tokenizer.ggml.bos_token_id",
                        5L),
                Map.of("tokenizer.ggml.model", "gpt2", "tokenizer.ggml.tokens", List.of(1L)),
                Map.of(
                        "tokenizer.ggml.model",
                        "gpt2",
                        "tokenizer.ggml.tokens",
                        List.of("a"),
                        "tokenizer.ggml.token_type",
                        new int[7]));
        for (Map<String, Object> metadata : hostile) {
            assertCode(ErrorCode.INVALID_FILE, "x.gguf", () -> new GgufTokenizerReader("x.gguf", metadata).read());
        }
    }

    private Path copy(String family, Consumer<ObjectNode> change) throws IOException {
        Path source = Fixtures.path("tokenizers/" + family);
        Path target = Files.createTempDirectory(folder, family);
        Files.copy(source.resolve("tokenizer.json"), target.resolve("tokenizer.json"));
        JsonNode config = JSON.readTree(source.resolve("tokenizer_config.json").toFile());
        change.accept((ObjectNode) config);
        JSON.writeValue(target.resolve("tokenizer_config.json").toFile(), config);
        return target;
    }

    private static ObjectNode named(String name, String template) {
        return JSON.createObjectNode().put("name", name).put("template", template);
    }

    private static void assertCode(ErrorCode code, String words, ThrowingCallable action) {
        assertThatThrownBy(action)
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code))
                .hasMessageContaining(words);
    }
}
