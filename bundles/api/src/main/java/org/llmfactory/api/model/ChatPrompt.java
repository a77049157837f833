package org.llmfactory.api.model;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a chat template sees.
 *
 * @param messages the conversation: JSON-like maps ({@code role}, {@code content}, {@code tool_calls} ...) of strings,
 *     numbers, booleans, lists and maps
 * @param tools function definitions in OpenAI's shape; empty for none
 * @param addGenerationPrompt whether the text ends where the assistant begins to speak
 * @param extra further variables the caller hands to the template
 */
public record ChatPrompt(
        List<Map<String, Object>> messages,
        List<Map<String, Object>> tools,
        boolean addGenerationPrompt,
        Map<String, Object> extra) {
    public ChatPrompt {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
        extra = Map.copyOf(extra);
        Objects.requireNonNull(messages, "messages");
    }

    /** A conversation without tools that the assistant is to continue. */
    public static ChatPrompt of(List<Map<String, Object>> messages) {
        return new ChatPrompt(messages, List.of(), true, Map.of());
    }
}
