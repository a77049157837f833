package org.llmfactory.models.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

final class ModelCatalogTest {
    private static final String GOOD = """
            {"models": [{
              "id": "tiny", "kind": "gguf", "task": "chat", "licence": "MIT",
              "files": [{"path": "sub/tiny.gguf", "size": 3, "sha256": "%s"}],
              "sources": [
                {"type": "pypi", "package": "tiny", "version": "1.0", "folder": "inside/tiny"},
                {"type": "huggingface", "repository": "owner/tiny", "revision": "main"},
                {"type": "npm", "package": "@scope/tiny", "version": "1.0.0"},
                {"type": "maven", "coordinates": "group:tiny:1.0:jar"},
                {"type": "local", "folder": "/srv/tiny"}
              ]}]}
            """.formatted("a".repeat(64));

    @TempDir
    private Path folder;

    @Test
    void everyKindOfSourceIsRead() throws IOException {
        CatalogModel model = read(GOOD).require("tiny");

        assertThat(model.kind()).isEqualTo(CatalogModel.Kind.GGUF);
        assertThat(model.size()).isEqualTo(3);
        assertThat(model.sources())
                .containsExactly(
                        new ModelSource.PyPi("tiny", "1.0", "inside/tiny"),
                        new ModelSource.HuggingFace("owner/tiny", "main", ""),
                        new ModelSource.Npm("@scope/tiny", "1.0.0", ""),
                        new ModelSource.Maven("group:tiny:1.0:jar", ""),
                        new ModelSource.Local(Path.of("/srv/tiny")));
    }

    @Test
    void theShippedCatalogueIsGood() {
        ModelCatalog catalog = ModelCatalog.read(Path.of("../../runtime-config/models.json"));

        assertThat(catalog.models().get(0).id()).isEqualTo("SmolLM2-135M-Instruct");
        assertThat(catalog.models())
                .allSatisfy(model -> assertThat(model.sources()).isNotEmpty());
    }

    @Test
    void anUnknownModelIsAnsweredWithThoseThereAre() throws IOException {
        ModelCatalog catalog = read(GOOD);

        assertThatThrownBy(() -> catalog.require("huge"))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.MODEL_NOT_FOUND))
                .hasMessageContaining("tiny");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "`\"tiny\", \"kind\"`, `\"../tiny\", \"kind\"`",
                "`\"tiny\", \"kind\"`, `\".tiny\", \"kind\"`",
                "`\"tiny\", \"kind\"`, `\"-tiny\", \"kind\"`",
                "`\"tiny\", \"kind\"`, `7, \"kind\"`",
                "sub/tiny.gguf, ../tiny.gguf",
                "sub/tiny.gguf, sub/../../tiny.gguf",
                "sub/tiny.gguf, /tiny.gguf",
                "sub/tiny.gguf, sub//tiny.gguf",
                "sub/tiny.gguf, sub\\\\tiny.gguf",
                "aaaaaaaa, AAAAAAAA",
                "aaaaaaaa, aaa",
                "`\"size\": 3`, `\"size\": -3`",
                "`\"size\": 3`, `\"size\": \"3\"`",
                "`\"size\": 3, `, ``",
                "gguf\", pickle\"",
                "inside/tiny, ../inside",
                "`\"package\": \"tiny\"`, `\"package\": \"--index-url=http://elsewhere\"`",
                "`\"package\": \"tiny\"`, `\"package\": \"tiny @ http://elsewhere\"`",
                "`\"version\": \"1.0\"`, `\"version\": \"1.0; rm\"`",
                "owner/tiny, ../../elsewhere",
                "group:tiny:1.0:jar, group",
                "pypi, ftp",
                "`[{\"path\": \"sub/tiny.gguf\", \"size\"`, `[7, {\"path\": \"sub/tiny.gguf\", \"size\"`",
                "`{\"models\": [`, `{\"models\": [], \"x\": [`",
                "`]}]}`, ``"
            })
    void whatCouldMeanSomethingElseIsRefused(String good, String bad) {
        assertThat(GOOD).contains(good);
        String text = GOOD.replace(good, bad == null ? "" : bad);

        assertThatThrownBy(() -> read(text))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_FILE))
                .hasMessageContaining("models.json");
    }

    private ModelCatalog read(String text) throws IOException {
        return ModelCatalog.read(Files.writeString(folder.resolve("models.json"), text));
    }
}
