package org.llmfactory.models.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.llmfactory.models.internal.BoundedJson;
import org.llmfactory.models.internal.Faults;
import org.llmfactory.models.internal.JsonFields;

/**
 * Reads the tokenizer of a Hugging Face folder: {@code tokenizer.json}, and if they are there {@code
 * tokenizer_config.json}, {@code special_tokens_map.json}, {@code chat_template.jinja}, {@code additional_chat_templates/},
 * {@code generation_config.json} and {@code config.json}.
 */
final class HuggingFaceTokenizerReader {
    private static final long LARGEST_TOKENIZER = 96L << 20;
    private static final long LARGEST_CONFIGURATION = 16L << 20;
    private static final long LARGEST_TEMPLATE = 1L << 20;
    private static final int MOST_TEMPLATES = 16;
    private static final int MOST_END_TOKENS = 64;
    private static final List<String> NAMED_TOKENS =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

    private final Path folder;

    private HuggingFaceTokenizerReader(Path folder) {
        this.folder = folder;
    }

    static TokenizerDefinition read(Path folder) {
        return new HuggingFaceTokenizerReader(folder).definition();
    }

    private TokenizerDefinition definition() {
        byte[] json = bytes("tokenizer.json", LARGEST_TOKENIZER);
        Vocabulary vocabulary = TokenizerJsonReader.vocabulary("tokenizer.json", json);
        Optional<JsonFields> configuration = configuration("tokenizer_config.json");
        Map<String, String> named = namedTokens(configuration);
        return new TokenizerDefinition(
                "tokenizer.json",
                json,
                vocabulary,
                named,
                configuration.flatMap(fields -> flag(fields, "add_bos_token")),
                configuration.flatMap(fields -> flag(fields, "add_eos_token")),
                new ChatTemplates(templates(configuration), Clock.system(ZoneId.systemDefault())),
                endOfGeneration(vocabulary, named));
    }

    private static Optional<Boolean> flag(JsonFields fields, String name) {
        return fields.has(name) ? Optional.of(fields.flag(name, false)) : Optional.empty();
    }

    private Map<String, String> namedTokens(Optional<JsonFields> configuration) {
        Map<String, String> named = new LinkedHashMap<>();
        for (Optional<JsonFields> source : List.of(configuration("special_tokens_map.json"), configuration)) {
            for (String name : NAMED_TOKENS) {
                source.map(fields -> fields.node().path(name))
                        .map(node -> node.isObject() ? node.path("content") : node)
                        .filter(JsonNode::isTextual)
                        .ifPresent(node -> named.put(name, node.textValue()));
            }
        }
        return named;
    }

    private Set<Integer> endOfGeneration(Vocabulary vocabulary, Map<String, String> named) {
        for (String file : List.of("generation_config.json", "config.json")) {
            List<Integer> ids = configuration(file)
                    .map(fields -> fields.wholes("eos_token_id", 0, Vocabulary.MOST_IDS, MOST_END_TOKENS))
                    .orElse(List.of());
            if (!ids.isEmpty()) {
                return new LinkedHashSet<>(ids);
            }
        }
        Set<Integer> ids = new LinkedHashSet<>();
        Optional.ofNullable(named.get("eos_token"))
                .ifPresent(token -> vocabulary.idOf(token).ifPresent(ids::add));
        return ids;
    }

    private Map<String, String> templates(Optional<JsonFields> configuration) {
        Map<String, String> templates = new LinkedHashMap<>();
        configuration.ifPresent(fields -> addConfigured(templates, fields.node().path("chat_template")));
        Path single = folder.resolve("chat_template.jinja");
        if (Files.isRegularFile(single)) {
            templates.put(ChatTemplates.DEFAULT, text(single));
        }
        for (Path file : additionalTemplates()) {
            String name = String.valueOf(file.getFileName());
            templates.put(name.substring(0, name.length() - ".jinja".length()), text(file));
        }
        return templates;
    }

    private static void addConfigured(Map<String, String> templates, JsonNode configured) {
        if (configured.isTextual()) {
            templates.put(ChatTemplates.DEFAULT, configured.textValue());
            return;
        }
        for (JsonNode entry : configured) {
            if (entry.path("name").isTextual() && entry.path("template").isTextual()) {
                templates.put(
                        entry.get("name").textValue(), entry.get("template").textValue());
            }
        }
    }

    private List<Path> additionalTemplates() {
        Path templates = folder.resolve("additional_chat_templates");
        if (!Files.isDirectory(templates)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(templates)) {
            return files.filter(file -> file.toString().endsWith(".jinja"))
                    .sorted()
                    .limit(MOST_TEMPLATES)
                    .toList();
        } catch (IOException e) {
            throw Faults.invalid("additional_chat_templates", "the folder cannot be read", e);
        }
    }

    private Optional<JsonFields> configuration(String name) {
        Path file = folder.resolve(name);
        return Files.isRegularFile(file)
                ? Optional.of(BoundedJson.read(file, LARGEST_CONFIGURATION))
                : Optional.empty();
    }

    private String text(Path file) {
        return new String(bytes(folder.relativize(file).toString(), LARGEST_TEMPLATE), StandardCharsets.UTF_8);
    }

    private byte[] bytes(String name, long largest) {
        Path file = folder.resolve(name);
        try {
            if (Files.size(file) > largest) {
                throw Faults.invalid(name, "the file is larger than " + largest + " bytes");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw Faults.invalid(name, "the file cannot be read", e);
        }
    }
}
