package org.llmfactory.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llmfactory.gateway.generation.TokenUsage;
import org.llmfactory.gateway.model.AppliedAdapter;
import org.llmfactory.gateway.model.ResolvedModel;
import org.llmfactory.rest.Json;

/**
 * What all parts of one response agree on.
 *
 * @param id the response's id
 * @param created Unix seconds
 * @param model what answered
 * @param includeUsage whether a stream tells the usage
 */
record ResponseFacts(String id, long created, ResolvedModel model, boolean includeUsage) {
    ResponseFacts {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(model, "model");
    }

    /** Our extension of OpenAI's responses: which adapters had part in the answer. */
    record Extension(List<AppliedAdapter> adapters) {
        Extension {
            adapters = List.copyOf(adapters);
        }
    }

    Extension extension() {
        return new Extension(model.adapters());
    }

    /**
     * The {@code usage} of a stream's event: with {@code include_usage} it is there on every event, null on all but the
     * last; without, it is absent. A {@link NullNode} is written as null, a Java null is left out.
     */
    @Nullable
    JsonNode streamUsage(Optional<TokenUsage> usage) {
        if (!includeUsage) {
            return null;
        }
        return usage.<JsonNode>map(total -> Json.MAPPER.valueToTree(Usage.of(total)))
                .orElse(NullNode.getInstance());
    }
}
