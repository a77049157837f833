package org.llmfactory.models.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.model.ChatPrompt;
import org.llmfactory.api.model.TextCodec;
import org.llmfactory.models.decoder.DecoderConfig;
import org.llmfactory.models.decoder.PretrainedDecoder;
import org.llmfactory.models.testing.Fixtures;
import org.llmfactory.models.testing.TinyModels;

final class ModelDescriptionTest {
    private static final ChatPrompt HI = ChatPrompt.of(List.of(Map.of("role", "user", "content", "Hi")));

    @TempDir
    private Path folder;

    private Path copy;

    @BeforeEach
    void makeTarget() throws IOException {
        copy = Files.createDirectory(folder.resolve("copy"));
    }

    @Test
    void ofAFolderEverythingIsCopiedButTheWeights() throws IOException {
        Path model = folder.resolve("model");
        DecoderConfig config = TinyModels.llama(model, 1);

        List<String> copied = ModelDescription.copy(model, copy);

        assertThat(copied)
                .containsExactlyInAnyOrder(
                        "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json");
        assertThat(PretrainedDecoder.dimensions(copy)).isEqualTo(config);
        assertThat(TextCodecs.open(copy).render(HI))
                .isEqualTo(TextCodecs.open(model).render(HI));
    }

    @Test
    void templatesInAFolderOfTheirOwnAreCopiedToo() throws IOException {
        Path model = folder.resolve("model");
        TinyModels.llama(model, 1);
        Files.createDirectory(model.resolve("additional_chat_templates"));
        Files.writeString(model.resolve("additional_chat_templates/tool_use.jinja"), "tools");

        assertThat(ModelDescription.copy(model, copy)).contains("additional_chat_templates/tool_use.jinja");
        assertThat(copy.resolve("additional_chat_templates/tool_use.jinja")).hasContent("tools");
    }

    @Test
    void aGgufFileIsCopiedUpToItsData() throws IOException {
        Path model = Fixtures.path("gguf/llama3.gguf");

        assertThat(ModelDescription.copy(model, copy)).containsExactly("llama3.gguf");

        assertThat(Files.size(copy.resolve("llama3.gguf"))).isLessThan(Files.size(model) / 2);
        try (PretrainedDecoder whole = PretrainedDecoder.open(model)) {
            DecoderConfig dimensions = PretrainedDecoder.dimensions(copy);
            assertThat(dimensions.hiddenSize()).isEqualTo(whole.config().hiddenSize());
            assertThat(dimensions.layers()).isEqualTo(whole.config().layers());
            assertThat(dimensions.vocabularySize()).isEqualTo(whole.config().vocabularySize());
        }
        assertThatThrownBy(() -> PretrainedDecoder.open(copy).close())
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_FILE));
    }

    @Test
    void theHeadOfAGgufFileKnowsItsTokenizer() throws IOException {
        Path model = Fixtures.path("tokenizers/llama3/vocab.gguf");
        ModelDescription.copy(model, copy);

        TextCodec whole = TextCodecs.open(model);
        TextCodec head = TextCodecs.open(copy);

        assertThat(head.render(HI)).isEqualTo(whole.render(HI));
        assertThat(head.encode("Hello there", true)).containsExactly(whole.encode("Hello there", true));
        assertThat(head.endOfGeneration()).isEqualTo(whole.endOfGeneration());
    }

    @Test
    void aFolderWithoutATokenizerIsRefused() {
        assertThatThrownBy(() -> ModelDescription.copy(folder, copy))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_FILE));
    }
}
