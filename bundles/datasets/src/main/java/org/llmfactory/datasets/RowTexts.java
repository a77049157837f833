package org.llmfactory.datasets;

import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Consumer;

/** What a row says, without the form it has. */
final class RowTexts {
    private RowTexts() {}

    /** All of it, a message a line. */
    static String text(Row row) {
        if (row instanceof Row.Text text) {
            return text.text();
        }
        StringJoiner joined = new StringJoiner("\n");
        messages(row, message -> {
            joined.add(String.valueOf(message.getOrDefault("content", "")));
            if (message.get("tool_calls") instanceof List<?> calls) {
                calls.forEach(call -> joined.add(String.valueOf(call)));
            }
        });
        return joined.toString();
    }

    static void messages(Row row, Consumer<Map<String, Object>> each) {
        if (row instanceof Row.Conversation conversation) {
            conversation.messages().forEach(message -> each.accept(message.content()));
        } else if (row instanceof Row.Preference preference) {
            preference.prompt().forEach(each);
            preference.preferred().forEach(each);
            preference.other().forEach(each);
        }
    }
}
