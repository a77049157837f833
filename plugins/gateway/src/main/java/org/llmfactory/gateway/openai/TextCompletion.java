package org.llmfactory.gateway.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llmfactory.gateway.generation.TokenUsage;
import org.llmfactory.rest.Json;

/** A completion, or one event of a streamed one: both have the same shape. */
record TextCompletion(
        String id,
        String object,
        long created,
        String model,
        @JsonProperty("system_fingerprint") String systemFingerprint,
        List<Choice> choices,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable JsonNode usage,

        @JsonInclude(JsonInclude.Include.NON_NULL) @JsonProperty("llm_factory")
        ResponseFacts.@Nullable Extension extension) {
    TextCompletion {
        choices = List.copyOf(choices);
    }

    record Choice(
            int index,
            String text,
            @Nullable TextLogprobs logprobs,
            @JsonProperty("finish_reason") @Nullable String finishReason) {}

    /** The whole of it. */
    static TextCompletion of(ResponseFacts facts, List<Choice> choices, TokenUsage usage) {
        return of(facts, choices, Json.MAPPER.valueToTree(Usage.of(usage)), facts.extension());
    }

    /** One event. */
    static TextCompletion event(ResponseFacts facts, Choice choice) {
        return of(facts, List.of(choice), facts.streamUsage(Optional.empty()), null);
    }

    /** The event behind all choices that tells the usage. */
    static TextCompletion usage(ResponseFacts facts, TokenUsage usage) {
        return of(facts, List.of(), facts.streamUsage(Optional.of(usage)), facts.extension());
    }

    private static TextCompletion of(
            ResponseFacts facts,
            List<Choice> choices,
            @Nullable JsonNode usage,
            ResponseFacts.@Nullable Extension extension) {
        return new TextCompletion(
                facts.id(),
                "text_completion",
                facts.created(),
                facts.model().name(),
                facts.model().fingerprint(),
                choices,
                usage,
                extension);
    }
}
