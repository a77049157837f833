package org.llmfactory.gateway.openai;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.llmfactory.api.chat.StoredChat;
import org.llmfactory.rest.Json;

/** A chat that was kept, in OpenAI's shapes. */
final class StoredCompletion {
    private static final List<String> SHOWN = List.of("tools", "tool_choice", "seed", "response_format", "request_id");

    private StoredCompletion() {}

    /** The completion, with what was asked and with its metadata. */
    static ObjectNode of(StoredChat chat) {
        ObjectNode shown = read(chat, chat.completion());
        ObjectNode request = read(chat, chat.request());
        SHOWN.forEach(field -> shown.set(field, orNull(request, field)));
        number(shown, request, "temperature", 1);
        number(shown, request, "top_p", 1);
        number(shown, request, "presence_penalty", 0);
        number(shown, request, "frequency_penalty", 0);
        shown.set("input_user", orNull(request, "user"));
        shown.set("metadata", Json.MAPPER.valueToTree(chat.metadata()));
        return shown;
    }

    /** What was asked, message by message. */
    static List<ObjectNode> messages(StoredChat chat) {
        List<ObjectNode> messages = new ArrayList<>();
        for (JsonNode message : read(chat, chat.request()).path("messages")) {
            JsonNode content = message.path("content");
            ObjectNode shown = Json.MAPPER.createObjectNode();
            shown.put("id", chat.id() + "-" + messages.size());
            shown.set("role", message.path("role"));
            shown.set("content", content.isTextual() ? content : Json.MAPPER.nullNode());
            shown.set("refusal", orNull(message, "refusal"));
            shown.set("name", orNull(message, "name"));
            shown.set("content_parts", content.isArray() ? content : Json.MAPPER.nullNode());
            for (String field : List.of("tool_calls", "tool_call_id")) {
                if (message.hasNonNull(field)) {
                    shown.set(field, message.get(field));
                }
            }
            messages.add(shown);
        }
        return messages;
    }

    private static void number(ObjectNode shown, ObjectNode request, String field, double byDefault) {
        shown.put(field, request.path(field).asDouble(byDefault));
    }

    private static JsonNode orNull(JsonNode object, String field) {
        return object.hasNonNull(field) ? object.get(field) : Json.MAPPER.nullNode();
    }

    private static ObjectNode read(StoredChat chat, String json) {
        try {
            return Json.MAPPER.readValue(json, ObjectNode.class);
        } catch (JacksonException damaged) {
            throw new IllegalStateException("what was kept of " + chat.id() + " is no JSON object", damaged);
        }
    }
}
