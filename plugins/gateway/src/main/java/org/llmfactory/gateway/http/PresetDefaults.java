package org.llmfactory.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.project.Preset;
import org.llmfactory.rest.Json;

/** Fills into a request what its preset says and the request leaves out. */
public final class PresetDefaults {
    private static final List<String> FIELDS =
            List.of("temperature", "top_p", "max_tokens", "seed", "stop", "frequency_penalty", "presence_penalty");

    private PresetDefaults() {}

    /** An OpenAI request with the preset's parameters. */
    public static ObjectNode openAi(ObjectNode body, Preset preset) {
        ObjectNode filled = body.deepCopy();
        preset.parameters().forEach((name, value) -> {
            boolean limited = name.equals("max_tokens") && body.hasNonNull("max_completion_tokens");
            if (FIELDS.contains(name) && !limited) {
                fill(filled, name, Json.MAPPER.valueToTree(value));
            }
        });
        return filled;
    }

    /** A LoRAX request with the preset's parameters under LoRAX's names. */
    public static ObjectNode lorax(ObjectNode body, Preset preset) {
        ObjectNode filled = body.deepCopy();
        ObjectNode parameters =
                filled.path("parameters") instanceof ObjectNode present ? present : filled.putObject("parameters");
        preset.parameters().forEach((name, value) -> {
            if (FIELDS.contains(name)) {
                JsonNode node = Json.MAPPER.valueToTree(
                        name.equals("stop") && value instanceof String ? List.of(value) : value);
                fill(parameters, name.equals("max_tokens") ? "max_new_tokens" : name, node);
            }
        });
        return filled;
    }

    private static void fill(ObjectNode object, String name, JsonNode value) {
        if (!object.hasNonNull(name)) {
            object.set(name, value);
        }
    }

    /**
     * Refuses a preset with a system prompt where there is no place for one, rather than answer without it.
     *
     * @param path the field that named the preset
     */
    public static void requireNoSystem(Preset preset, String path) {
        if (preset.system().isPresent()) {
            throw FactoryException.ofParameter(
                    ErrorCode.UNSUPPORTED_PARAMETER,
                    path,
                    "The preset '" + preset.name() + "' has a system prompt, which a text to be continued has no place"
                            + " for; ask it through chat completions.");
        }
    }
}
