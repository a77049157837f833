package org.llmfactory.gateway.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.llmfactory.gateway.generation.GeneratedText;
import org.llmfactory.gateway.generation.TokenUsage;

/**
 * One answer to a conversation, in one piece or in many.
 *
 * @param facts what all parts of it agree on
 * @param request what was asked
 * @param body the request as it was answered, what a preset added included
 * @param keeper keeps it, where that was asked for
 */
record ChatAnswer(ResponseFacts facts, ChatRequest request, ObjectNode body, Optional<ChatKeeper> keeper) {
    ChatAnswer {
        Objects.requireNonNull(facts, "facts");
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(body, "body");
        Objects.requireNonNull(keeper, "keeper");
    }

    /**
     * The whole of it, kept where that was asked for: durable when this returns.
     *
     * @throws org.llmfactory.api.error.FactoryException when it cannot be kept
     */
    ChatCompletion completion(List<GeneratedText> texts, TokenUsage usage) {
        ChatCompletion completion = ChatCompletion.of(facts, request, texts, usage);
        keeper.ifPresent(kept -> kept.keep(completion, body));
        return completion;
    }
}
