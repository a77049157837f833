package org.llmfactory.gateway.openai;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.gateway.http.RequestLimits;
import org.llmfactory.rest.Json;
import org.llmfactory.rest.JsonFields;

/** Reads a conversation into what chat templates work on. */
final class ChatMessages {
    private static final int MAXIMUM_PARTS = 1024;
    private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

    private ChatMessages() {}

    static List<Map<String, Object>> read(JsonFields fields, RequestLimits limits) {
        if (!fields.has("messages")) {
            throw fields.missing("messages");
        }
        List<JsonFields> messages = fields.objects("messages", limits.messages());
        if (messages.isEmpty()) {
            throw fields.invalid("messages", "expected at least one message");
        }
        RequestLimits.Characters characters = limits.characters();
        List<Map<String, Object>> read = new ArrayList<>();
        for (JsonFields message : messages) {
            Map<String, Object> known = message(message);
            characters.add(known, "messages[" + read.size() + "]");
            read.add(known);
        }
        return read;
    }

    private static Map<String, Object> message(JsonFields message) {
        String role = role(message);
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("role", role);
        result.put("content", content(message, role));
        message.string("name").ifPresent(name -> result.put("name", name));
        message.string("tool_call_id").ifPresent(id -> result.put("tool_call_id", id));
        List<Map<String, Object>> calls = toolCalls(message);
        if (!calls.isEmpty()) {
            result.put("tool_calls", calls);
        }
        return result;
    }

    /** Templates know few roles: {@code developer} is the newer word for system, {@code model} an old one for assistant. */
    private static String role(JsonFields message) {
        String role = message.requiredString("role");
        return switch (role) {
            case "developer" -> "system";
            case "model" -> "assistant";
            case "system", "user", "assistant", "tool", "function" -> role;
            default ->
                throw message.invalid(
                        "role",
                        "expected 'developer', 'system', 'user', 'assistant' or 'tool', but got '" + role + "'");
        };
    }

    private static String content(JsonFields message, String role) {
        if (!message.has("content")) {
            // An assistant that only called tools said nothing.
            if (role.equals("assistant")) {
                return message.string("refusal").orElse("");
            }
            throw message.missing("content");
        }
        JsonNode content = message.node("content").orElseThrow();
        if (content.isTextual()) {
            return content.textValue();
        }
        if (!content.isArray()) {
            throw JsonFields.wrongType(message.path("content"), "a string or an array of content parts", content);
        }
        List<String> texts = new ArrayList<>();
        for (JsonFields part : message.objects("content", MAXIMUM_PARTS)) {
            texts.add(text(part));
        }
        return String.join("\n", texts);
    }

    private static String text(JsonFields part) {
        String type = part.requiredString("type");
        return switch (type) {
            case "text" -> part.requiredString("text");
            case "refusal" -> part.requiredString("refusal");
            case "image_url", "input_audio", "file" ->
                throw FactoryException.ofParameter(
                        ErrorCode.UNSUPPORTED_PARAMETER,
                        part.path("type"),
                        "Content of type '" + type + "' is not supported: this model reads text only.");
            default -> throw part.invalid("type", "expected 'text', but got '" + type + "'");
        };
    }

    private static List<Map<String, Object>> toolCalls(JsonFields message) {
        List<Map<String, Object>> calls = new ArrayList<>();
        for (JsonFields call : message.objects("tool_calls", MAXIMUM_PARTS)) {
            JsonFields function = call.object("function").orElseThrow(() -> call.missing("function"));
            Map<String, Object> called = new LinkedHashMap<>();
            called.put("name", function.requiredString("name"));
            called.put("arguments", arguments(function.string("arguments").orElse("{}")));
            Map<String, Object> result = new LinkedHashMap<>();
            call.string("id").ifPresent(id -> result.put("id", id));
            result.put("type", "function");
            result.put("function", called);
            calls.add(result);
        }
        return calls;
    }

    /** OpenAI's clients send a string of JSON, templates want the object; what is none stays a string. */
    private static Object arguments(String json) {
        try {
            return Json.MAPPER.readValue(json, MAP);
        } catch (JacksonException noObject) {
            return json;
        }
    }
}
