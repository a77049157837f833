package org.llmfactory.datasets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** OpenAI's conversations and preference pairs. Only what the assistant says is learned. */
final class ChatRows {
    private ChatRows() {}

    static Row conversation(int line, ObjectNode row) throws BadRow {
        return conversation(line, messages(Fields.objects(row, "messages")), Fields.tools(row));
    }

    static Row conversation(int line, List<Message> messages, List<Map<String, Object>> tools) throws BadRow {
        if (messages.isEmpty()) {
            throw new BadRow("it has no messages");
        }
        if (!messages.get(messages.size() - 1).role().equals("assistant")) {
            throw new BadRow("the last message is not the assistant's, so there is no answer to learn");
        }
        if (messages.stream().noneMatch(Message::trained)) {
            throw new BadRow("every message of the assistant has the weight 0, so there is nothing to learn");
        }
        return new Row.Conversation(line, messages, tools);
    }

    static Row preference(int line, ObjectNode row) throws BadRow {
        JsonNode input = row.get("input");
        if (!(input instanceof ObjectNode object)) {
            throw new BadRow("the field input is missing or not an object");
        }
        List<Map<String, Object>> prompt = contents(Fields.objects(object, "messages"));
        if (prompt.isEmpty()) {
            throw new BadRow("input.messages is empty");
        }
        return new Row.Preference(
                line,
                prompt,
                answer(row, "preferred_output", "preferred_completion"),
                answer(row, "non_preferred_output", "non_preferred_completion"),
                Fields.tools(object));
    }

    private static List<Map<String, Object>> answer(ObjectNode row, String name, String oldName) throws BadRow {
        List<Map<String, Object>> messages = contents(Fields.objects(row, row.has(name) ? name : oldName));
        if (messages.isEmpty()) {
            throw new BadRow("the field " + name + " is missing or empty");
        }
        if (!Message.roleOf(messages.get(messages.size() - 1)).equals("assistant")) {
            throw new BadRow("the last message of " + name + " is not the assistant's");
        }
        return messages;
    }

    private static List<Map<String, Object>> contents(List<ObjectNode> nodes) throws BadRow {
        return messages(nodes).stream().map(Message::content).toList();
    }

    static List<Message> messages(List<ObjectNode> nodes) throws BadRow {
        List<Message> messages = new ArrayList<>();
        for (ObjectNode node : nodes) {
            messages.add(message(node));
        }
        return messages;
    }

    private static Message message(ObjectNode node) throws BadRow {
        String role = role(Fields.string(node, "role"));
        boolean assistant = role.equals("assistant");
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("role", role);
        List<Map<String, Object>> calls = ToolCalls.read(node);
        Optional<String> text = text(node.get("content"));
        if (text.isEmpty() && assistant) {
            text = Fields.optional(node, "refusal");
        }
        if (text.isEmpty() && calls.isEmpty()) {
            throw new BadRow("a message of the role " + role + " has no content");
        }
        content.put("content", text.orElse(""));
        for (String name : List.of("name", "tool_call_id")) {
            Fields.optional(node, name).ifPresent(value -> content.put(name, value));
        }
        if (!calls.isEmpty()) {
            content.put("tool_calls", calls);
        }
        return new Message(content, assistant && weight(node));
    }

    /** Templates know few roles: {@code developer} is the newer word for system, {@code model} an old one for assistant. */
    private static String role(String role) throws BadRow {
        return switch (role) {
            case "developer" -> "system";
            case "model" -> "assistant";
            case "system", "user", "assistant", "tool", "function" -> role;
            default ->
                throw new BadRow("the role " + Fields.quoted(role)
                        + " is not one of system, developer, user, assistant, tool, function");
        };
    }

    private static boolean weight(ObjectNode node) throws BadRow {
        JsonNode weight = node.get("weight");
        if (weight == null || weight.isNull()) {
            return true;
        }
        double value = weight.isNumber() ? weight.doubleValue() : -1;
        if (value != 0 && value != 1) {
            throw new BadRow("the weight of a message is 0 or 1");
        }
        return value == 1;
    }

    private static Optional<String> text(@Nullable JsonNode content) throws BadRow {
        if (content == null || content.isNull()) {
            return Optional.empty();
        }
        if (content.isTextual()) {
            return Optional.of(content.textValue());
        }
        if (!content.isArray()) {
            throw new BadRow("the content of a message is neither a string nor an array of parts");
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode part : content) {
            String type = Fields.string(part, "type");
            if (!type.equals("text") && !type.equals("refusal")) {
                throw new BadRow("content of the type " + Fields.quoted(type) + " cannot be learned, only text");
            }
            texts.add(Fields.string(part, type));
        }
        return Optional.of(String.join("\n", texts));
    }
}
