package org.llmfactory.datasets;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The normal form of rows. */
final class RowJson {
    private RowJson() {}

    /** A row with the end of its line. */
    static byte[] line(Row row) {
        byte[] json = bytes(row);
        byte[] line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        return line;
    }

    /** SHA-256 of the normal form: two rows with the same one say the same. */
    static byte[] digest(Row row) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes(row));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bytes(Row row) {
        try {
            return JsonRows.MAPPER.writeValueAsBytes(of(row));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a row that is no JSON", e);
        }
    }

    static Map<String, Object> of(Row row) {
        Map<String, Object> json = new LinkedHashMap<>();
        if (row instanceof Row.Conversation conversation) {
            json.put(
                    "messages",
                    conversation.messages().stream().map(RowJson::message).toList());
            putTools(json, conversation.tools());
        } else if (row instanceof Row.Preference preference) {
            Map<String, Object> input = new LinkedHashMap<>();
            input.put("messages", contents(preference.prompt()));
            putTools(input, preference.tools());
            json.put("input", input);
            json.put("preferred_output", contents(preference.preferred()));
            json.put("non_preferred_output", contents(preference.other()));
        } else if (row instanceof Row.Text text) {
            json.put("text", text.text());
        }
        return json;
    }

    private static void putTools(Map<String, Object> json, List<Map<String, Object>> tools) {
        if (!tools.isEmpty()) {
            json.put("tools", tools);
        }
    }

    private static Map<String, Object> message(Message message) {
        Map<String, Object> json = content(message.content());
        if (message.role().equals("assistant") && !message.trained()) {
            json.put("weight", 0);
        }
        return json;
    }

    private static List<Map<String, Object>> contents(List<Map<String, Object>> messages) {
        return messages.stream().map(RowJson::content).toList();
    }

    /** Arguments of tool calls are a string on the wire. */
    private static Map<String, Object> content(Map<String, Object> message) {
        Map<String, Object> json = new LinkedHashMap<>();
        for (String name : List.of("role", "content", "name", "tool_call_id")) {
            if (message.containsKey(name)) {
                json.put(name, message.get(name));
            }
        }
        if (message.get("tool_calls") instanceof List<?> calls) {
            List<Object> written = new ArrayList<>();
            calls.forEach(call -> written.add(call((Map<?, ?>) call)));
            json.put("tool_calls", written);
        }
        return json;
    }

    private static Map<Object, Object> call(Map<?, ?> call) {
        Map<Object, Object> json = new LinkedHashMap<>(call);
        Map<Object, Object> function = new LinkedHashMap<>((Map<?, ?>) call.get("function"));
        if (function.get("arguments") instanceof Map<?, ?> arguments) {
            function.put("arguments", JsonRows.MAPPER.valueToTree(arguments).toString());
        }
        json.put("function", function);
        return json;
    }
}
