package org.llmfactory.gateway.route;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.llmfactory.api.inference.EngineStatus;
import org.llmfactory.api.inference.GenerationRequest;
import org.llmfactory.api.inference.InferenceEngine;
import org.llmfactory.api.inference.TokenSink;
import org.llmfactory.api.model.ModelInfo;

/** Gives each sequence of one request to the engine that is best then, and to another when that one fails it early. */
final class RoutedEngine implements InferenceEngine {
    private final Engines engines;
    private final ModelInfo model;
    private final String project;
    private final List<Attempt> attempts = new CopyOnWriteArrayList<>();

    RoutedEngine(Engines engines, ModelInfo model, String project) {
        this.engines = engines;
        this.model = model;
        this.project = project;
    }

    @Override
    public ModelInfo model() {
        return model;
    }

    @Override
    public void submit(GenerationRequest request, TokenSink sink) {
        Attempt attempt = new Attempt(this::untried, engines::choose, request, sink);
        attempts.add(attempt);
        attempt.begin();
    }

    private List<EngineEntry> untried(Set<EngineEntry> tried) {
        return engines.serving(model, project).stream()
                .filter(entry -> !tried.contains(entry))
                .toList();
    }

    /** Of the engine that works on the request, or would. */
    @Override
    public EngineStatus status() {
        return attempts.stream()
                .flatMap(attempt -> attempt.choice().stream())
                .map(Engines.Choice::entry)
                .findFirst()
                .or(() -> engines.serving(model, project).stream().findFirst())
                .orElseThrow(() -> Engines.unserved(model))
                .engine()
                .status();
    }

    /** The ways that its sequences took so far. */
    List<Route> routes() {
        return attempts.stream().flatMap(attempt -> attempt.route().stream()).toList();
    }
}
