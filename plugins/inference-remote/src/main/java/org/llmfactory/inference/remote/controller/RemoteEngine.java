package org.llmfactory.inference.remote.controller;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.adapter.AdapterRegistry;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.inference.AdapterWeight;
import org.llmfactory.api.inference.EngineStatus;
import org.llmfactory.api.inference.GenerationRequest;
import org.llmfactory.api.inference.InferenceEngine;
import org.llmfactory.api.inference.TokenSink;
import org.llmfactory.api.model.ModelInfo;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentReport.EngineReport;
import org.llmfactory.inference.remote.wire.RemoteRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An engine on another agent. */
final class RemoteEngine implements InferenceEngine {
    private static final Logger log = LoggerFactory.getLogger(RemoteEngine.class);

    private final AgentAddress agent;
    private final ModelInfo model;
    private final Link link;
    private final Supplier<Optional<AdapterRegistry>> registry;
    private final Runnable onBroken;
    private final EngineLoad load;
    private final Set<RemoteGeneration> underWay = ConcurrentHashMap.newKeySet();
    private volatile boolean broken;
    private volatile boolean proven;

    /**
     * @param registry this controller's adapters, if there are any
     * @param onBroken called when the way to it turns out to be broken
     */
    RemoteEngine(
            AgentAddress agent,
            ModelInfo model,
            EngineReport report,
            Link link,
            Supplier<Optional<AdapterRegistry>> registry,
            Runnable onBroken) {
        this.agent = agent;
        this.model = model;
        this.link = link;
        this.registry = registry;
        this.onBroken = onBroken;
        this.load = new EngineLoad(report);
    }

    @Override
    public ModelInfo model() {
        return model;
    }

    @Override
    public EngineStatus status() {
        return load.status();
    }

    @Override
    public void submit(GenerationRequest request, TokenSink sink) {
        if (broken) {
            throw new FactoryException(ErrorCode.UNAVAILABLE, "The node that serves the model cannot be reached.");
        }
        check(request);
        RemoteRequest remote = new RemoteRequest(model.id(), model.digest(), request, projects(request));
        RemoteGeneration generation = new RemoteGeneration(agent, remote, sink, link, this::ended);
        load.begin(remote.adapters());
        underWay.add(generation);
        generation.begin();
    }

    /** What can be told at once; the rest the node's own engine refuses. */
    private void check(GenerationRequest request) {
        int prompt = request.prompt().length;
        if (prompt == 0) {
            throw new FactoryException(ErrorCode.INVALID_VALUE, "The prompt is empty.");
        }
        if (prompt + (long) request.stop().maxTokens() > model.contextLength()) {
            throw new FactoryException(
                    ErrorCode.CONTEXT_LENGTH_EXCEEDED,
                    "Prompt and completion do not fit the model's context of " + model.contextLength() + " tokens.");
        }
    }

    /** Whose the adapters are; the node asks this controller for those that it does not have. */
    private Map<String, String> projects(GenerationRequest request) {
        Map<String, String> projects = new HashMap<>();
        Optional<AdapterRegistry> present = registry.get();
        for (AdapterWeight adapter : request.adapters()) {
            if (present.isPresent()) {
                projects.put(adapter.digest(), project(present.get(), adapter.digest(), request.tenant()));
            }
        }
        return projects;
    }

    private String project(AdapterRegistry present, String digest, String tenant) {
        List<AdapterInfo> registered = present.find(digest).stream()
                .filter(info -> info.digest().equals(digest))
                .toList();
        if (registered.isEmpty()) {
            throw new FactoryException(ErrorCode.MODEL_NOT_FOUND, "The adapter does not exist or has been removed.");
        }
        List<String> projects = registered.stream()
                .filter(info -> info.baseDigest().equals(model.digest()))
                .map(AdapterInfo::project)
                .toList();
        if (projects.isEmpty()) {
            throw new FactoryException(
                    ErrorCode.ADAPTER_MISMATCH,
                    "The adapter '" + registered.get(0).name() + "' was made for the model '"
                            + registered.get(0).baseModel() + "' and does not fit '" + model.id() + "'.");
        }
        return projects.contains(tenant) ? tenant : projects.get(0);
    }

    private void ended(RemoteGeneration generation, RemoteGeneration.Outcome outcome) {
        underWay.remove(generation);
        load.end(generation.adapters(), generation.received());
        proven |= outcome == RemoteGeneration.Outcome.ANSWERED;
        if (outcome == RemoteGeneration.Outcome.LOST && !broken) {
            log.warn("The engine of {} on {} has lost a generation and gets no more for now", model.id(), agent);
            broken = true;
            onBroken.run();
        }
    }

    /** The agent has said something of it. */
    void report(EngineReport report) {
        load.report(report);
    }

    /** Whether the way to it is broken, as far as is known. */
    boolean isBroken() {
        return broken;
    }

    /** Whether it has answered since it was mended. */
    boolean isProven() {
        return proven;
    }

    /** It may be tried again. */
    void mend() {
        proven = false;
        broken = false;
    }

    /** The agent is not heard: what has not begun there is better begun elsewhere. */
    void miss() {
        underWay.forEach(RemoteGeneration::loseUnbegun);
    }

    /** The agent is gone: whatever is under way there has been lost. */
    void lose() {
        underWay.forEach(RemoteGeneration::lose);
    }
}
