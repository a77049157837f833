package org.llmfactory.inference.remote.node;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.adapter.AdapterRegistry;
import org.llmfactory.api.agent.Drainable;
import org.llmfactory.api.agent.Home;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.inference.InferenceEngine;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentFiles;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.Membership;
import org.llmfactory.api.network.StreamListener;
import org.llmfactory.api.network.StreamService;
import org.llmfactory.inference.remote.Threads;
import org.llmfactory.inference.remote.wire.Protocol;
import org.llmfactory.inference.remote.wire.RequestReader;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * Generates for controllers on the engines of this agent. Whose requests it takes is decided here, by this agent's own
 * tenant, whatever a controller believes.
 */
@Component(
        service = {StreamService.class, Drainable.class},
        immediate = true)
public final class InferenceService implements StreamService, Drainable {
    private static final int FETCHERS = 4;

    private final AgentAddress self;
    private final List<InferenceEngine> engines = new CopyOnWriteArrayList<>();
    private final Set<NodeGeneration> underWay = ConcurrentHashMap.newKeySet();
    private final Gate gate = new Gate();
    private final ExecutorService senders = Threads.asNeeded("inference-remote-send");
    private final ExecutorService fetchers = Threads.atMost(FETCHERS, "inference-remote-fetch");
    private final NodeWork work;
    private volatile @Nullable AdapterRegistry registry;

    @Activate
    public InferenceService(@Reference Membership membership, @Reference AgentFiles files, @Reference Home home) {
        self = membership.self();
        NodeAdapters adapters = new NodeAdapters(
                () -> Optional.ofNullable(registry), files, home.cache().resolve("incoming-adapters"), fetchers);
        work = new NodeWork(() -> engines, adapters);
    }

    /** Serves an engine of this agent; those of other agents are theirs to serve. */
    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            target = "(!(" + InferenceEngine.REMOTE + "=true))")
    public void addEngine(InferenceEngine engine) {
        engines.add(engine);
    }

    public void removeEngine(InferenceEngine engine) {
        engines.remove(engine);
    }

    /** Keeps adapters there from now on. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    public void setRegistry(AdapterRegistry present) {
        registry = present;
    }

    public void unsetRegistry(AdapterRegistry gone) {
        if (registry == gone) {
            registry = null;
        }
    }

    @Override
    public String name() {
        return Protocol.SERVICE;
    }

    @Override
    public Callers callers() {
        return Callers.CONTROLLERS;
    }

    @Override
    public StreamListener accept(AgentStream stream, byte[] request) {
        RequestReader reader = new RequestReader(request);
        check(stream.peer(), reader.tenant());
        gate.enter();
        NodeGeneration[] made = new NodeGeneration[1];
        NodeGeneration generation = new NodeGeneration(stream, reader, work, senders, () -> {
            gate.exit();
            underWay.remove(made[0]);
        });
        made[0] = generation;
        underWay.add(generation);
        generation.proceed();
        return generation;
    }

    private void check(AgentAddress caller, String tenant) {
        if (!callers().include(caller, self)) {
            throw new FactoryException(ErrorCode.PERMISSION_DENIED, "Only controllers may generate on this node.");
        }
        if (!self.worksFor(tenant)) {
            throw new FactoryException(
                    ErrorCode.PERMISSION_DENIED, "The node " + self + " does not work for other projects.");
        }
    }

    @Override
    public boolean drain(Duration deadline) throws InterruptedException {
        return gate.close(deadline);
    }

    @Override
    public void resume() {
        gate.open();
    }

    @Deactivate
    void stop() {
        underWay.forEach(NodeGeneration::abandon);
        senders.shutdown();
        fetchers.shutdownNow();
    }
}
