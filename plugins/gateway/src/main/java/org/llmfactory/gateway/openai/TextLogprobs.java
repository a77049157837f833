package org.llmfactory.gateway.openai;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.inference.GeneratedToken;
import org.llmfactory.api.inference.TokenLogprob;
import org.llmfactory.api.model.StreamingDecoder;
import org.llmfactory.api.model.TextCodec;
import org.llmfactory.gateway.generation.TextToken;

/**
 * The log probabilities of a completion: four lists, an element for each token. The first token of an echoed prompt has
 * none: null, and no alternatives, which is an empty object because OpenAI's Java client takes no null there. Offsets count the characters of the choice's text.
 */
record TextLogprobs(
        List<String> tokens,
        @JsonProperty("token_logprobs") List<@Nullable Float> tokenLogprobs,
        @JsonProperty("top_logprobs") List<Map<String, Float>> topLogprobs,
        @JsonProperty("text_offset") List<Integer> textOffset) {
    TextLogprobs {
        tokens = List.copyOf(tokens);
        // Not List.copyOf, which takes no nulls.
        tokenLogprobs = Collections.unmodifiableList(new ArrayList<>(tokenLogprobs));
        topLogprobs = List.copyOf(topLogprobs);
        textOffset = List.copyOf(textOffset);
    }

    static final class Builder {
        private final TextCodec codec;
        private final List<String> tokens = new ArrayList<>();
        private final List<@Nullable Float> tokenLogprobs = new ArrayList<>();
        private final List<Map<String, Float>> topLogprobs = new ArrayList<>();
        private final List<Integer> textOffset = new ArrayList<>();

        Builder(TextCodec codec) {
            this.codec = codec;
        }

        /** An echoed prompt, which stands at the beginning. */
        Builder prompt(List<GeneratedToken> prompt) {
            StreamingDecoder decoder = codec.streamingDecoder(true);
            int offset = 0;
            for (GeneratedToken token : prompt) {
                add(token, offset);
                offset += decoder.append(token.id()).length();
            }
            return this;
        }

        /** Tokens of the completion, whose text begins at {@code offset}. */
        Builder completion(List<TextToken> completion, int offset) {
            for (TextToken token : completion) {
                add(token.token(), offset + token.offset());
            }
            return this;
        }

        private void add(GeneratedToken token, int offset) {
            tokens.add(ChatLogprobs.text(codec.bytesOf(token.id())));
            boolean known = !Float.isNaN(token.logprob());
            tokenLogprobs.add(known ? ChatLogprobs.finite(token.logprob()) : null);
            topLogprobs.add(alternatives(token));
            textOffset.add(offset);
        }

        /** By text, as OpenAI does it: of two tokens that look the same the likelier one is shown. */
        private Map<String, Float> alternatives(GeneratedToken token) {
            Map<String, Float> byText = new LinkedHashMap<>();
            for (TokenLogprob other : token.top()) {
                byText.putIfAbsent(ChatLogprobs.text(codec.bytesOf(other.id())), ChatLogprobs.finite(other.logprob()));
            }
            return byText;
        }

        TextLogprobs build() {
            return new TextLogprobs(tokens, tokenLogprobs, topLogprobs, textOffset);
        }
    }
}
