package org.llmfactory.gateway.generation;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.inference.GeneratedToken;

/**
 * One finished answer.
 *
 * @param sequence its number
 * @param text all of it
 * @param tokens the tokens of the text
 * @param promptTokens the prompt's log probabilities, if asked for
 * @param ending how it ended
 */
public record GeneratedText(
        int sequence, String text, List<TextToken> tokens, List<GeneratedToken> promptTokens, Ending ending) {
    public GeneratedText {
        Objects.requireNonNull(text, "text");
        tokens = List.copyOf(tokens);
        promptTokens = List.copyOf(promptTokens);
        Objects.requireNonNull(ending, "ending");
    }

    /** Mean log probability of the tokens, by which the best of several is chosen. */
    public double meanLogprob() {
        return tokens.stream()
                .mapToDouble(token -> token.token().logprob())
                .average()
                .orElse(Double.NEGATIVE_INFINITY);
    }

    static final class Builder {
        private final int sequence;
        private final StringBuilder text = new StringBuilder();
        private final List<TextToken> tokens = new ArrayList<>();
        private @Nullable Ending ending;

        Builder(int sequence) {
            this.sequence = sequence;
        }

        void add(Delta delta) {
            text.append(delta.text());
            tokens.addAll(delta.tokens());
            delta.ending().ifPresent(end -> ending = end);
        }

        /** What there is so far. */
        String text() {
            return text.toString();
        }

        GeneratedText build(List<GeneratedToken> promptTokens) {
            return new GeneratedText(
                    sequence, text.toString(), tokens, promptTokens, Objects.requireNonNull(ending, "ending"));
        }
    }
}
