package org.llmfactory.launcher.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.llmfactory.launcher.terminal.Terminal;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What a preset consists of, as options; they go over the fields of a file. */
final class PresetOptions {
    /** One adapter of the mix. */
    record Part(String adapter, double weight) {}

    /** Reads {@code pirate:0.5}; the weight is 1 where there is none. */
    static final class PartConverter implements ITypeConverter<Part> {
        @Override
        public Part convert(String text) {
            int colon = text.lastIndexOf(':');
            if (colon < 0) {
                return new Part(text, 1);
            }
            try {
                return new Part(text.substring(0, colon), Double.parseDouble(text.substring(colon + 1)));
            } catch (NumberFormatException e) {
                throw new TypeConversionException("'" + text + "' has no number after the colon");
            }
        }
    }

    @Option(names = "--file", description = "A JSON object with the fields of a preset.")
    @Nullable
    Path file;

    @Option(names = "--base", paramLabel = "MODEL", description = "The base model's id.")
    @Nullable
    String base;

    @Option(
            names = "--adapter",
            split = ",",
            converter = PartConverter.class,
            paramLabel = "ADAPTER[:WEIGHT]",
            description = "An adapter's name or id, weight 1 unless said otherwise; give it again for a mix.")
    List<Part> adapters = List.of();

    @Option(names = "--system", paramLabel = "TEXT", description = "The system prompt.")
    @Nullable
    String system;

    @Option(names = "--visibility", description = "private, project or public.")
    @Nullable
    String visibility;

    @Option(names = "--temperature", description = "Used where a request has none, like all below.")
    @Nullable
    Double temperature;

    @Option(names = "--top-p", description = "Share of probability that is sampled from.")
    @Nullable
    Double topP;

    @Option(names = "--max-tokens", description = "Tokens of an answer.")
    @Nullable
    Integer maximumTokens;

    @Option(names = "--seed", description = "Decides what is sampled.")
    @Nullable
    Long seed;

    @Option(names = "--stop", paramLabel = "TEXT", description = "Ends an answer; give it again for more.")
    List<String> stop = List.of();

    /** The request without the name. */
    ObjectNode request() {
        ObjectNode request = file == null ? Terminal.JSON.createObjectNode() : JsonFile.read(file);
        if (base != null) {
            request.put("base", base);
        }
        if (!adapters.isEmpty()) {
            ArrayNode parts = request.putArray("adapters");
            adapters.forEach(part -> parts.addObject().put("id", part.adapter()).put("weight", part.weight()));
        }
        if (system != null) {
            request.put("system", system);
        }
        if (visibility != null) {
            request.put("visibility", visibility);
        }
        parameters(request);
        return request;
    }

    private void parameters(ObjectNode request) {
        Fields fields = new Fields()
                .put("temperature", temperature)
                .put("top_p", topP)
                .put("max_tokens", maximumTokens)
                .put("seed", seed)
                .put("stop", stop);
        if (!fields.isEmpty()) {
            request.withObject("/parameters").setAll((ObjectNode) Terminal.JSON.valueToTree(fields.map()));
        }
    }
}
