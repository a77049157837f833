package org.llmfactory.datasets;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an assistant calls. Arguments are an object where they are one, as templates want them. */
final class ToolCalls {
    private ToolCalls() {}

    /** A message's {@code tool_calls}; empty for none. */
    static List<Map<String, Object>> read(ObjectNode message) throws BadRow {
        List<Map<String, Object>> calls = new ArrayList<>();
        for (ObjectNode call : Fields.objects(message, "tool_calls")) {
            if (!(call.get("function") instanceof ObjectNode function)) {
                throw new BadRow("a tool call has no function");
            }
            Map<String, Object> read = new LinkedHashMap<>();
            Fields.optional(call, "id").ifPresent(id -> read.put("id", id));
            read.put("type", "function");
            read.put("function", function(function));
            calls.add(read);
        }
        if (calls.isEmpty() && message.get("function_call") instanceof ObjectNode function) {
            calls.add(call(function));
        }
        return calls;
    }

    /** A call from ShareGPT's value: an object with {@code name} and {@code arguments}, or an array of them. */
    static List<Map<String, Object>> ofValue(String value) throws BadRow {
        JsonNode node = Fields.parse(value, "function_call");
        List<Map<String, Object>> calls = new ArrayList<>();
        for (JsonNode one : node.isArray() ? node : List.of(node)) {
            if (!(one instanceof ObjectNode function)) {
                throw new BadRow("a function call is an object with name and arguments");
            }
            calls.add(call(function));
        }
        if (calls.isEmpty()) {
            throw new BadRow("a function call is an object with name and arguments");
        }
        return calls;
    }

    private static Map<String, Object> call(ObjectNode function) throws BadRow {
        Map<String, Object> call = new LinkedHashMap<>();
        call.put("type", "function");
        call.put("function", function(function));
        return call;
    }

    private static Map<String, Object> function(ObjectNode function) throws BadRow {
        Map<String, Object> read = new LinkedHashMap<>();
        read.put("name", Fields.string(function, "name"));
        read.put("arguments", arguments(function.get("arguments")));
        return read;
    }

    private static Object arguments(@Nullable JsonNode arguments) throws BadRow {
        if (arguments == null || arguments.isNull()) {
            return Map.of();
        }
        if (arguments.isObject()) {
            return Fields.map(arguments);
        }
        if (!arguments.isTextual()) {
            throw new BadRow("the arguments of a tool call are neither an object nor a string");
        }
        try {
            JsonNode parsed = JsonRows.MAPPER.readTree(arguments.textValue());
            return parsed.isObject() ? Fields.map(parsed) : arguments.textValue();
        } catch (JsonProcessingException noJson) {
            return arguments.textValue();
        }
    }
}
