package org.llmfactory.gateway.openai;

import java.util.List;
import java.util.Objects;
import org.llmfactory.api.model.TextCodec;

/**
 * A completion request that has been checked.
 *
 * @param common model, sampling, limits
 * @param prompts at least one
 * @param bestOf candidates for each prompt, of which the best are answered
 * @param echo whether the answer begins with the prompt
 * @param logprobs whether log probabilities are part of the answer
 */
record CompletionRequest(CommonRequest common, List<Prompt> prompts, int bestOf, boolean echo, boolean logprobs) {
    CompletionRequest {
        Objects.requireNonNull(common, "common");
        prompts = List.copyOf(prompts);
    }

    /** A prompt as text or as token ids. */
    sealed interface Prompt {
        int[] encode(TextCodec codec);

        String text(TextCodec codec);
    }

    /** A prompt that is encoded with the model's tokenizer. */
    record TextPrompt(String text) implements Prompt {
        @Override
        public int[] encode(TextCodec codec) {
            return codec.encode(text, true);
        }

        @Override
        public String text(TextCodec codec) {
            return text;
        }
    }

    /** A prompt that is taken as it is. */
    record TokenPrompt(List<Integer> ids) implements Prompt {
        public TokenPrompt {
            ids = List.copyOf(ids);
        }

        @Override
        public int[] encode(TextCodec codec) {
            return ids.stream().mapToInt(Integer::intValue).toArray();
        }

        @Override
        public String text(TextCodec codec) {
            return codec.decode(encode(codec), true);
        }
    }
}
