package org.llmfactory.datasets;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes rows as OpenAI has them, one a line: the normal form, in which equal rows are equal byte for byte. */
public final class RowWriter {
    private final OutputStream out;
    private int rows;

    public RowWriter(OutputStream out) {
        this.out = out;
    }

    public void write(Row row) throws IOException {
        out.write(bytes(row));
        out.write('\n');
        rows++;
    }

    /** How many rows have been written. */
    public int rows() {
        return rows;
    }

    /** SHA-256 of the normal form: two rows with the same one say the same. */
    public static byte[] digest(Row row) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes(row));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] bytes(Row row) {
        try {
            return JsonRows.MAPPER.writeValueAsBytes(json(row));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a row that is no JSON", e);
        }
    }

    private static Map<String, Object> json(Row row) {
        Map<String, Object> json = new LinkedHashMap<>();
        if (row instanceof Row.Conversation conversation) {
            json.put(
                    "messages",
                    conversation.messages().stream().map(RowWriter::message).toList());
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
        return messages.stream().map(RowWriter::content).toList();
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
