package org.llmfactory.gateway.openai;

import java.util.Objects;
import org.llmfactory.api.model.ChatPrompt;

/**
 * A chat completion request that has been checked.
 *
 * @param common model, sampling, limits
 * @param prompt what the chat template sees
 * @param logprobs whether log probabilities are part of the answer
 */
record ChatRequest(CommonRequest common, ChatPrompt prompt, boolean logprobs) {
    ChatRequest {
        Objects.requireNonNull(common, "common");
        Objects.requireNonNull(prompt, "prompt");
    }
}
