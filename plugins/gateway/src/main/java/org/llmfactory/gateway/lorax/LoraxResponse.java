package org.llmfactory.gateway.lorax;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A whole answer. */
record LoraxResponse(
        @JsonProperty("generated_text") String generatedText,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Details details) {

    /** A token of the answer. */
    record Token(
            int id,
            String text,
            @Nullable Float logprob,
            boolean special,

            @JsonInclude(JsonInclude.Include.NON_NULL) @JsonProperty("alternative_tokens") @Nullable
            List<Alternative> alternativeTokens) {}

    /** A token that might have been. */
    record Alternative(int id, String text, float logprob) {}

    /** A token of the prompt; the first has no log probability. */
    record PrefillToken(int id, String text, @Nullable Float logprob) {}

    /** How the chosen answer came about. */
    record Details(
            @JsonProperty("finish_reason") String finishReason,
            @JsonProperty("prompt_tokens") int promptTokens,
            @JsonProperty("generated_tokens") int generatedTokens,
            @JsonProperty("skipped_tokens") int skippedTokens,
            @Nullable Long seed,
            List<PrefillToken> prefill,
            List<Token> tokens,

            @JsonInclude(JsonInclude.Include.NON_NULL) @JsonProperty("best_of_sequences") @Nullable
            List<Sequence> bestOfSequences) {
        Details {
            prefill = List.copyOf(prefill);
            tokens = List.copyOf(tokens);
        }
    }

    /** One of the answers that were not chosen. */
    record Sequence(
            @JsonProperty("generated_text") String generatedText,
            @JsonProperty("finish_reason") String finishReason,
            @JsonProperty("generated_tokens") int generatedTokens,
            @Nullable Long seed,
            List<PrefillToken> prefill,
            List<Token> tokens) {
        Sequence {
            prefill = List.copyOf(prefill);
            tokens = List.copyOf(tokens);
        }
    }

    /** One event of a streamed answer; text and details come with the last token. */
    record Event(
            Token token,
            @JsonProperty("generated_text") @Nullable String generatedText,
            @Nullable EventDetails details) {}

    /** What the last event tells. */
    record EventDetails(
            @JsonProperty("finish_reason") String finishReason,
            @JsonProperty("prompt_tokens") int promptTokens,
            @JsonProperty("generated_tokens") int generatedTokens,
            @Nullable Long seed) {}
}
