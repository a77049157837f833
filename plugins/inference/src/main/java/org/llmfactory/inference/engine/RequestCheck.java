package org.llmfactory.inference.engine;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.inference.AdapterWeight;
import org.llmfactory.api.inference.GenerationRequest;

/** What must be right about a request before it is queued. Safe for use by several threads. */
final class RequestCheck {
    private final int vocabularySize;
    private final int contextLength;
    private final AdapterSource adapters;

    RequestCheck(int vocabularySize, int contextLength, AdapterSource adapters) {
        this.vocabularySize = vocabularySize;
        this.contextLength = contextLength;
        this.adapters = adapters;
    }

    /**
     * Checks a request.
     *
     * @return about the memory each of its adapters takes, by digest
     * @throws FactoryException when it is refused, see {@link
     *     org.llmfactory.api.inference.InferenceEngine#submit}
     */
    Map<String, Long> check(GenerationRequest request) {
        checkPrompt(request);
        for (int id : request.sampling().logitBias().keySet()) {
            requireToken(id, "logit_bias");
        }
        Set<String> seen = new HashSet<>();
        Map<String, Long> sizes = new HashMap<>();
        for (AdapterWeight part : request.adapters()) {
            if (!seen.add(part.digest())) {
                throw FactoryException.ofParameter(
                        ErrorCode.INVALID_VALUE, "adapters", "An adapter appears twice; add its weights instead.");
            }
            sizes.put(part.digest(), adapters.find(part.digest()));
        }
        return sizes;
    }

    private void checkPrompt(GenerationRequest request) {
        int[] prompt = request.prompt();
        if (prompt.length == 0) {
            throw FactoryException.ofParameter(
                    ErrorCode.INVALID_VALUE, "prompt", "The prompt is empty; it needs at least one token.");
        }
        for (int id : prompt) {
            requireToken(id, "prompt");
        }
        int wanted = Math.min(request.stop().maxTokens(), 1);
        if (prompt.length + wanted > contextLength) {
            throw FactoryException.ofParameter(
                    ErrorCode.CONTEXT_LENGTH_EXCEEDED,
                    "prompt",
                    "This model's maximum context length is " + contextLength
                            + " tokens. However, your prompt resulted in "
                            + prompt.length
                            + " tokens. Please reduce the length of the prompt.");
        }
    }

    private void requireToken(int id, String parameter) {
        if (id < 0 || id >= vocabularySize) {
            throw FactoryException.ofParameter(
                    ErrorCode.INVALID_VALUE,
                    parameter,
                    "There is no token " + id + "; this model's tokens are 0 to " + (vocabularySize - 1) + ".");
        }
    }
}
