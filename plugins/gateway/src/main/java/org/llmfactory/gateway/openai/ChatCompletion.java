package org.llmfactory.gateway.openai;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.inference.GeneratedToken;
import org.llmfactory.api.model.TextCodec;
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

    static ChatCompletion of(ResponseFacts facts, ChatRequest request, List<GeneratedText> texts, TokenUsage usage) {
        List<Choice> choices = texts.stream()
                .map(text -> new Choice(
                        text.sequence(),
                        new Message("assistant", request.echo().orElse("") + text.text(), null),
                        request.logprobs()
                                ? logprobs(text, request, facts.model().codec())
                                : null,
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

    private static ChatLogprobs logprobs(GeneratedText text, ChatRequest request, TextCodec codec) {
        List<GeneratedToken> prompt = text.promptTokens();
        int echoed = Math.min(prompt.size(), request.echoed(codec).length);
        List<GeneratedToken> tokens = new ArrayList<>(prompt.subList(prompt.size() - echoed, prompt.size()));
        text.tokens().forEach(token -> tokens.add(token.token()));
        return ChatLogprobs.of(tokens, codec);
    }
}
