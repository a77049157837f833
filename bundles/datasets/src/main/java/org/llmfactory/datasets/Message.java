package org.llmfactory.datasets;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A message of a conversation.
 *
 * @param content {@code role}, {@code content}, {@code tool_calls} ... as a chat prompt takes them
 * @param trained whether a model is to learn to say it
 */
public record Message(Map<String, Object> content, boolean trained) {
    public Message {
        content = Collections.unmodifiableMap(new LinkedHashMap<>(content));
    }

    /** Who speaks: {@code system}, {@code user}, {@code assistant}, {@code tool} or {@code function}. */
    public String role() {
        return roleOf(content);
    }

    static String roleOf(Map<String, Object> message) {
        return String.valueOf(Objects.requireNonNull(message.get("role"), "role"));
    }
}
