package org.llmfactory.inference.remote.node;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.inference.GenerationRequest;
import org.llmfactory.api.inference.InferenceEngine;
import org.llmfactory.api.inference.TokenSink;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.inference.remote.wire.RemoteRequest;

/** What this node does its work with: its own engines, and the adapters that it has or fetches. */
final class NodeWork {
    private final Supplier<List<InferenceEngine>> engines;
    private final NodeAdapters adapters;

    NodeWork(Supplier<List<InferenceEngine>> engines, NodeAdapters adapters) {
        this.engines = engines;
        this.adapters = adapters;
    }

    /** Completes once all adapters of a request are registered here; at once when they are. */
    CompletableFuture<?> whenAdaptersAreHere(AgentAddress controller, RemoteRequest request) {
        engine(request);
        return adapters.require(controller, request);
    }

    /** Queues a request, see {@link InferenceEngine#submit}. */
    void submit(RemoteRequest request, GenerationRequest generation, TokenSink sink) {
        engine(request).submit(generation, sink);
    }

    private InferenceEngine engine(RemoteRequest request) {
        return engines.get().stream()
                .filter(engine -> engine.model().id().equals(request.model())
                        && engine.model().digest().equals(request.digest()))
                .findFirst()
                .orElseThrow(() -> FactoryException.retryLater(
                        ErrorCode.OVERLOADED,
                        Duration.ofSeconds(1),
                        "No engine on the node serves the model '" + request.model() + "' at present."));
    }
}
