package org.llmfactory.gateway.openai;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.inference.GeneratedToken;
import org.llmfactory.api.model.TextCodec;

/** The log probabilities of a chat completion. */
record ChatLogprobs(List<Token> content, @Nullable List<Token> refusal) {
    ChatLogprobs {
        content = List.copyOf(content);
    }

    /** A token that was picked. */
    record Token(
            String token,
            float logprob,
            List<Integer> bytes,
            @JsonProperty("top_logprobs") List<Alternative> topLogprobs) {
        Token {
            bytes = List.copyOf(bytes);
            topLogprobs = List.copyOf(topLogprobs);
        }
    }

    /** A token that might have been. */
    record Alternative(String token, float logprob, List<Integer> bytes) {
        Alternative {
            bytes = List.copyOf(bytes);
        }
    }

    static ChatLogprobs of(List<GeneratedToken> tokens, TextCodec codec) {
        return new ChatLogprobs(
                tokens.stream().map(token -> token(token, codec)).toList(), null);
    }

    private static Token token(GeneratedToken token, TextCodec codec) {
        byte[] bytes = codec.bytesOf(token.id());
        List<Alternative> alternatives = token.top().stream()
                .map(other -> alternative(codec.bytesOf(other.id()), other.logprob()))
                .toList();
        return new Token(text(bytes), finite(token.logprob()), numbers(bytes), alternatives);
    }

    private static Alternative alternative(byte[] bytes, float logprob) {
        return new Alternative(text(bytes), finite(logprob), numbers(bytes));
    }

    /** What a token looks like; part of a character shows as U+FFFD. */
    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** JSON has no infinity; OpenAI writes this number for what is all but impossible. */
    static float finite(float logprob) {
        return Float.isFinite(logprob) ? logprob : -9999;
    }

    private static List<Integer> numbers(byte[] bytes) {
        List<Integer> numbers = new ArrayList<>();
        for (byte value : bytes) {
            numbers.add(value & 0xFF);
        }
        return numbers;
    }
}
