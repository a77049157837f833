package org.llmfactory.gateway.openai;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.llmfactory.api.model.ChatPrompt;
import org.llmfactory.api.model.TextCodec;

/**
 * A chat completion request that has been checked.
 *
 * @param common model, sampling, limits
 * @param prompt what the chat template sees
 * @param echo how the answer begins, which is a part of it then
 * @param logprobs whether log probabilities are part of the answer
 * @param store whether request and answer are kept
 * @param metadata kept with them
 */
record ChatRequest(
        CommonRequest common,
        ChatPrompt prompt,
        Optional<String> echo,
        boolean logprobs,
        boolean store,
        Map<String, String> metadata) {
    ChatRequest {
        Objects.requireNonNull(common, "common");
        Objects.requireNonNull(prompt, "prompt");
        Objects.requireNonNull(echo, "echo");
        metadata = Map.copyOf(metadata);
    }

    /** Everything of it that the model may read, but for the roles. */
    List<String> texts() {
        List<String> texts = new ArrayList<>();
        for (Map<String, Object> message : prompt.messages()) {
            message.forEach((name, value) -> {
                if (!name.equals("role")) {
                    collect(value, texts);
                }
            });
        }
        prompt.extra().values().forEach(value -> collect(value, texts));
        echo.ifPresent(texts::add);
        return texts;
    }

    /** The tokens of the answer's beginning; none where there is none. */
    int[] echoed(TextCodec codec) {
        return echo.map(text -> codec.encode(text, false)).orElseGet(() -> new int[0]);
    }

    /** Names inside a value too: templates write out the arguments of a tool call as they are. */
    private static void collect(Object value, List<String> texts) {
        if (value instanceof String text) {
            texts.add(text);
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((key, each) -> {
                collect(key, texts);
                collect(each, texts);
            });
        } else if (value instanceof Collection<?> values) {
            values.forEach(each -> collect(each, texts));
        }
    }

    /** The same behind a system prompt. It joins a system message that is there, as most templates take one only. */
    ChatRequest behind(String system) {
        List<Map<String, Object>> messages = new ArrayList<>(prompt.messages());
        Map<String, Object> first = new LinkedHashMap<>();
        first.put("role", "system");
        first.put("content", system);
        if ("system".equals(messages.get(0).get("role"))) {
            first.putAll(messages.remove(0));
            first.put("content", system + "\n\n" + first.get("content"));
        }
        messages.add(0, first);
        ChatPrompt longer = new ChatPrompt(messages, prompt.tools(), prompt.addGenerationPrompt(), prompt.extra());
        return new ChatRequest(common, longer, echo, logprobs, store, metadata);
    }
}
