package org.llmfactory.datasets;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the fields of a row strictly; a field that is null is absent. */
final class Fields {
    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

    private Fields() {}

    static Optional<String> optional(JsonNode object, String name) throws BadRow {
        JsonNode node = object.get(name);
        if (node == null || node.isNull()) {
            return Optional.empty();
        }
        if (!node.isTextual()) {
            throw new BadRow("the field " + name + " is not a string");
        }
        return Optional.of(node.textValue());
    }

    static String string(JsonNode object, String name) throws BadRow {
        Optional<String> text = optional(object, name);
        if (text.isEmpty()) {
            throw new BadRow("the field " + name + " is missing");
        }
        return text.get();
    }

    /** The objects of an array; empty when it is absent. */
    static List<ObjectNode> objects(JsonNode object, String name) throws BadRow {
        List<ObjectNode> objects = new ArrayList<>();
        for (JsonNode element : array(object.get(name), name)) {
            if (!(element instanceof ObjectNode one)) {
                throw new BadRow("the field " + name + " holds something that is not an object");
            }
            objects.add(one);
        }
        return objects;
    }

    /** The elements of an array; none when it is absent. */
    static Iterable<JsonNode> array(@Nullable JsonNode node, String name) throws BadRow {
        if (node == null || node.isNull()) {
            return List.of();
        }
        if (!node.isArray()) {
            throw new BadRow("the field " + name + " is not an array");
        }
        return node;
    }

    /** Function definitions: an array, or a string that holds one, as Alpaca's and ShareGPT's rows have it. */
    static List<Map<String, Object>> tools(ObjectNode object) throws BadRow {
        JsonNode tools = object.get("tools");
        if (tools != null && tools.isTextual()) {
            tools = tools.textValue().isBlank() ? null : parse(tools.textValue(), "tools");
        }
        List<Map<String, Object>> read = new ArrayList<>();
        for (JsonNode tool : array(tools, "tools")) {
            if (!tool.isObject()) {
                throw new BadRow("the field tools holds something that is not an object");
            }
            Map<String, Object> definition = map(tool);
            read.add(
                    definition.containsKey("function")
                            ? definition
                            : Map.of("type", "function", "function", definition));
        }
        return read;
    }

    static JsonNode parse(String json, String name) throws BadRow {
        try {
            return JsonRows.MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new BadRow("the field " + name + " is not valid JSON");
        }
    }

    static Map<String, Object> map(JsonNode object) {
        return JsonRows.MAPPER.convertValue(object, MAP);
    }

    /** What a row says, quoted for a message: a word of it. */
    static String quoted(String text) {
        String word = text.length() > 32 ? text.substring(0, 32) + "…" : text;
        return '"' + word.replaceAll("\\p{Cntrl}", " ") + '"';
    }
}
