package org.llmfactory.gateway.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llmfactory.gateway.generation.TextToken;
import org.llmfactory.gateway.generation.TokenUsage;

/** One event of a streamed chat completion. */
record ChatChunk(
        String id,
        String object,
        long created,
        String model,
        @JsonProperty("system_fingerprint") String systemFingerprint,
        List<Choice> choices,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable JsonNode usage,

        @JsonInclude(JsonInclude.Include.NON_NULL) @JsonProperty("llm_factory")
        ResponseFacts.@Nullable Extension extension) {
    ChatChunk {
        choices = List.copyOf(choices);
    }

    record Choice(
            int index,
            Delta delta,
            @Nullable ChatLogprobs logprobs,
            @JsonProperty("finish_reason") @Nullable String finishReason) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Delta(@Nullable String role, @Nullable String content) {}

    /** The event that opens a choice. */
    static ChatChunk opening(ResponseFacts facts, int index) {
        return of(facts, new Choice(index, new Delta("assistant", ""), null, null), facts.extension());
    }

    /** An event with more text. */
    static ChatChunk text(ResponseFacts facts, int index, String text, List<TextToken> tokens, boolean logprobs) {
        ChatLogprobs told = logprobs
                ? ChatLogprobs.of(
                        tokens.stream().map(TextToken::token).toList(),
                        facts.model().codec())
                : null;
        return of(facts, new Choice(index, new Delta(null, text), told, null), null);
    }

    /** The event that ends a choice. */
    static ChatChunk ending(ResponseFacts facts, int index, String reason) {
        return of(facts, new Choice(index, new Delta(null, null), null, reason), null);
    }

    /** The event behind all choices that tells the usage. */
    static ChatChunk usage(ResponseFacts facts, TokenUsage usage) {
        return of(facts, List.of(), facts.streamUsage(Optional.of(usage)), null);
    }

    private static ChatChunk of(ResponseFacts facts, Choice choice, ResponseFacts.@Nullable Extension extension) {
        return of(facts, List.of(choice), facts.streamUsage(Optional.empty()), extension);
    }

    private static ChatChunk of(
            ResponseFacts facts,
            List<Choice> choices,
            @Nullable JsonNode usage,
            ResponseFacts.@Nullable Extension extension) {
        return new ChatChunk(
                facts.id(),
                "chat.completion.chunk",
                facts.created(),
                facts.model().name(),
                facts.model().fingerprint(),
                choices,
                usage,
                extension);
    }
}
