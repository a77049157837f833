package org.llmfactory.models.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.llmfactory.models.internal.Faults;
import org.llmfactory.models.tensor.GgufFile;

/** What is to be known of a model without its weights: its configuration and what a text codec needs. */
public final class ModelDescription {
    private static final String TEMPLATES = "additional_chat_templates";
    private static final String GGUF = ".gguf";
    private static final String CONFIGURATION = "config.json";
    private static final String TOKENIZER = "tokenizer.json";
    private static final List<String> FILES = List.of(
            CONFIGURATION,
            "generation_config.json",
            TOKENIZER,
            "tokenizer_config.json",
            "special_tokens_map.json",
            "chat_template.jinja");

    private ModelDescription() {}

    /**
     * Copies a model without its weights: of a Hugging Face folder the configuration files, of a GGUF file the part
     * before the tensors' data. {@link TextCodecs#open} and {@link
     * org.llmfactory.models.decoder.PretrainedDecoder#dimensions} read the copy like the model.
     *
     * @param folderOrGguf the model, as for {@link TextCodecs#open}
     * @param target an empty folder
     * @return the names of what was copied, relative to the target and parted by {@code /}
     * @throws org.llmfactory.api.error.FactoryException {@code INVALID_FILE} when it is no such model
     */
    public static List<String> copy(Path folderOrGguf, Path target) throws IOException {
        List<String> copied = new ArrayList<>();
        if (Files.isDirectory(folderOrGguf)) {
            copyConfiguration(folderOrGguf, target, copied);
            if (!copied.containsAll(List.of(CONFIGURATION, TOKENIZER))) {
                ggufOf(folderOrGguf).ifPresent(file -> copied.add(copyHead(file, target)));
            }
        } else {
            copied.add(copyHead(folderOrGguf, target));
        }
        if (copied.stream().noneMatch(name -> name.equals(TOKENIZER) || name.endsWith(GGUF))) {
            throw Faults.invalid(
                    String.valueOf(folderOrGguf.getFileName()),
                    "the folder has neither tokenizer.json nor exactly one GGUF file");
        }
        return List.copyOf(copied);
    }

    private static void copyConfiguration(Path folder, Path target, List<String> copied) throws IOException {
        for (String name : FILES) {
            if (Files.isRegularFile(folder.resolve(name))) {
                Files.copy(folder.resolve(name), target.resolve(name));
                copied.add(name);
            }
        }
        for (Path template : templates(folder.resolve(TEMPLATES))) {
            String name = TEMPLATES + "/" + template.getFileName();
            Files.createDirectories(target.resolve(TEMPLATES));
            Files.copy(template, target.resolve(name));
            copied.add(name);
        }
    }

    private static Optional<Path> ggufOf(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> found =
                    files.filter(file -> file.toString().endsWith(GGUF)).toList();
            return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
        }
    }

    private static List<Path> templates(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jinja"))
                    .sorted()
                    .toList();
        }
    }

    private static String copyHead(Path file, Path target) {
        String name = String.valueOf(file.getFileName());
        try (GgufFile gguf = GgufFile.openHead(file);
                InputStream in = Files.newInputStream(file)) {
            Files.write(target.resolve(name), in.readNBytes(Math.toIntExact(gguf.headLength())));
            return name;
        } catch (IOException e) {
            throw Faults.invalid(name, "the file cannot be copied", e);
        }
    }
}
