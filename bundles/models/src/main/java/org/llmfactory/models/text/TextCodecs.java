package org.llmfactory.models.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.llmfactory.api.model.TextCodec;
import org.llmfactory.models.internal.Faults;
import org.llmfactory.models.tensor.GgufFile;

/** Opens the text side of models. */
public final class TextCodecs {
    private TextCodecs() {}

    /**
     * Reads tokenizer, chat template and end tokens of a model; its weights are not touched and may be missing. A chat template that is
     * malformed is told when it is first rendered.
     *
     * @param folderOrGguf a Hugging Face folder with {@code tokenizer.json}, a folder that holds exactly one GGUF file,
     *     or a GGUF file
     * @throws org.llmfactory.api.error.FactoryException {@code INVALID_FILE} with the file's name and the fault
     */
    public static TextCodec open(Path folderOrGguf) {
        return new TokenizerTextCodec(definition(folderOrGguf));
    }

    private static TokenizerDefinition definition(Path path) {
        if (!Files.isDirectory(path)) {
            return gguf(path);
        }
        if (Files.exists(path.resolve("tokenizer.json"))) {
            return HuggingFaceTokenizerReader.read(path);
        }
        List<Path> files = ggufFiles(path);
        if (files.size() == 1) {
            return gguf(files.get(0));
        }
        throw Faults.invalid(
                String.valueOf(path.getFileName()),
                files.isEmpty()
                        ? "the folder has neither tokenizer.json nor a GGUF file"
                        : "the folder has more than one GGUF file");
    }

    private static TokenizerDefinition gguf(Path file) {
        try (GgufFile gguf = GgufFile.openHead(file)) {
            return new GgufTokenizerReader(gguf.fileName(), gguf.metadata()).read();
        }
    }

    private static List<Path> ggufFiles(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".gguf")).toList();
        } catch (IOException e) {
            throw Faults.invalid(String.valueOf(folder.getFileName()), "the folder cannot be read", e);
        }
    }
}
