package org.llmfactory.evaluation.model;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.llmfactory.rest.Json;

/**
 * What is asked.
 *
 * @param model its name, as in a request
 * @param adapters the mix that replaces the adapters it stands for, as in a request; null for none
 */
public record Target(String model, @Nullable ArrayNode adapters) {
    public Target {
        Objects.requireNonNull(model, "model");
    }

    /** The beginning of a request. */
    public ObjectNode request() {
        ObjectNode request = Json.MAPPER.createObjectNode().put("model", model);
        if (adapters != null) {
            request.set("adapters", adapters);
        }
        return request;
    }
}
