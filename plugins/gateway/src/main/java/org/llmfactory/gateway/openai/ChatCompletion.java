package org.llmfactory.gateway.openai;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.llmfactory.gateway.generation.GeneratedText;
import org.llmfactory.gateway.generation.TokenUsage;

/** A whole chat completion. */
record ChatCompletion(
        String id,
        String object,
        long created,
        String model,
        List<Choice> choices,
        Usage usage,
        @JsonProperty("system_fingerprint") String systemFingerprint,
        @JsonProperty("llm_factory") ResponseFacts.Extension extension) {
    ChatCompletion {
        choices = List.copyOf(choices);
    }

    record Choice(
            int index,
            Message message,
            @Nullable ChatLogprobs logprobs,
            @JsonProperty("finish_reason") String finishReason) {}

    record Message(String role, String content, @Nullable String refusal) {}

    static ChatCompletion of(ResponseFacts facts, List<GeneratedText> texts, boolean logprobs, TokenUsage usage) {
        List<Choice> choices = texts.stream()
                .map(text -> new Choice(
                        text.sequence(),
                        new Message("assistant", text.text(), null),
                        logprobs ? ChatLogprobs.of(text.tokens(), facts.model().codec()) : null,
                        text.ending().openAiName()))
                .toList();
        return new ChatCompletion(
                facts.id(),
                "chat.completion",
                facts.created(),
                facts.model().name(),
                choices,
                Usage.of(usage),
                facts.model().fingerprint(),
                facts.extension());
    }
}
