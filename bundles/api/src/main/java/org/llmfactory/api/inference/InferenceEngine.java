package org.llmfactory.api.inference;

import org.llmfactory.api.model.ModelInfo;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Generates tokens from one base model for many requests at once, each with its own set of weighted adapters. One OSGi
 * service for each base model served and agent that serves it, with the properties {@link
 * org.llmfactory.api.model.Model#ID} and {@link org.llmfactory.api.model.Model#DIGEST}. Where the engine runs, in this
 * process or on another agent, does not show in how it is used; whoever must know reads the service's properties.
 *
 * <p>Safe for use by several threads.
 */
@ProviderType
public interface InferenceEngine {
    /** Service property: true for an engine that runs on another agent; absent otherwise. */
    String REMOTE = "engine.remote";

    /** Service property of a remote engine: the agent's address, for example {@code shared/node-1}. */
    String AGENT = "engine.agent";

    /** Service property of a remote engine: the tenant of the agent, which is whose requests it takes. */
    String TENANT = "engine.tenant";

    /** Service property of a remote engine: the region that the agent is in. */
    String REGION = "engine.region";

    /** The base model this engine serves. */
    ModelInfo model();

    /**
     * Queues a request and returns at once; everything after that is told to {@code sink}, from the engine's own thread.
     * Exactly one of {@link TokenSink#onFinish} and {@link TokenSink#onError} is called, and nothing after it.
     *
     * @throws org.llmfactory.api.error.FactoryException when the request is refused before it is queued: {@code
     *     CONTEXT_LENGTH_EXCEEDED}, {@code INVALID_VALUE}, {@code MODEL_NOT_FOUND} for an unknown adapter, {@code
     *     ADAPTER_MISMATCH}, {@code OVERLOADED} when the queue is full, {@code UNAVAILABLE} when the agent that it runs
     *     on cannot be reached. Nothing is told to the sink then.
     */
    void submit(GenerationRequest request, TokenSink sink);

    /** What the engine is doing now. */
    EngineStatus status();
}
