package org.llmfactory.datasets;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * ShareGPT's rows: {@code conversations} of {@code from} and {@code value}, or of {@code role} and {@code content} as OpenAI
 * has them, with {@code system} and {@code tools} beside them. With {@code from}, what is said and what is answered take
 * turns, as the format demands.
 */
final class ShareGptRows {
    private ShareGptRows() {}

    static Row row(int line, ObjectNode row) throws BadRow {
        List<ObjectNode> turns = Fields.objects(row, "conversations");
        List<Message> messages = new ArrayList<>();
        Optional<String> system = Fields.optional(row, "system").filter(text -> !text.isBlank());
        system.ifPresent(text -> messages.add(message("system", text)));
        boolean openAi = turns.stream().anyMatch(turn -> turn.has("role"));
        messages.addAll(openAi ? ChatRows.messages(turns) : turns(turns));
        return ChatRows.conversation(line, messages, Fields.tools(row));
    }

    private static List<Message> turns(List<ObjectNode> turns) throws BadRow {
        List<Message> messages = new ArrayList<>();
        boolean answered = true;
        for (ObjectNode turn : turns) {
            Message message = turn(Fields.string(turn, "from"), Fields.string(turn, "value"));
            if (message.role().equals("system")) {
                if (!messages.isEmpty()) {
                    throw new BadRow("a system message stands in the middle of the conversation");
                }
            } else if (message.trained() == answered) {
                throw new BadRow("what is said and what is answered do not take turns");
            } else {
                answered = message.trained();
            }
            messages.add(message);
        }
        return messages;
    }

    private static Message turn(String from, String value) throws BadRow {
        return switch (from) {
            case "human", "user" -> message("user", value);
            case "gpt", "assistant", "chatgpt" -> message("assistant", value);
            case "system" -> message("system", value);
            case "observation", "tool" -> message("tool", value);
            case "function_call" -> {
                Map<String, Object> content = new LinkedHashMap<>();
                content.put("role", "assistant");
                content.put("content", "");
                content.put("tool_calls", ToolCalls.ofValue(value));
                yield new Message(content, true);
            }
            default ->
                throw new BadRow("the speaker " + Fields.quoted(from)
                        + " is not one of system, human, gpt, function_call, observation, tool");
        };
    }

    private static Message message(String role, String text) {
        return new Message(Map.of("role", role, "content", text), role.equals("assistant"));
    }
}
