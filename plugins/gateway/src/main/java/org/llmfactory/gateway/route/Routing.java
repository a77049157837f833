package org.llmfactory.gateway.route;

import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.llmfactory.api.inference.InferenceEngine;

/**
 * What answers one request, and how its sequences get there.
 *
 * @param engine takes the request's sequences
 * @param routes the ways that they took so far
 */
public record Routing(InferenceEngine engine, Supplier<List<Route>> routes) {
    public Routing {
        Objects.requireNonNull(engine, "engine");
        Objects.requireNonNull(routes, "routes");
    }
}
