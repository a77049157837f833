package org.llmfactory.dataplane.testing;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.llmfactory.api.network.AgentAction;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.DataPlane;
import org.llmfactory.api.network.Lane;
import org.llmfactory.api.network.StreamListener;
import org.llmfactory.api.network.StreamService;
import org.llmfactory.api.network.testing.InMemoryControlPlane;
import org.llmfactory.dataplane.stream.StreamEngine;
import org.llmfactory.dataplane.stream.StreamLimits;
import org.llmfactory.dataplane.stream.StreamMeters;
import org.llmfactory.messaging.testing.InMemoryNetwork;

/** Agents with data planes on a network in memory. */
public final class TestAgents implements AutoCloseable {
    public static final AgentAddress CONTROLLER = AgentAddress.parse("platform/controller");
    public static final AgentAddress NODE = AgentAddress.parse("shared/node");
    public static final AgentAddress OTHER_NODE = AgentAddress.parse("shared/other");
    public static final AgentAddress NODE_OF_A = AgentAddress.parse("a/node");
    public static final AgentAddress NODE_OF_B = AgentAddress.parse("b/node");
    public static final Duration DEADLINE = Duration.ofSeconds(20);

    public final InMemoryNetwork network = new InMemoryNetwork();
    public final InMemoryControlPlane control = new InMemoryControlPlane();
    private final Map<AgentAddress, TestAgent> agents = new ConcurrentHashMap<>();
    private final StreamLimits limits;

    public TestAgents() {
        this(StreamLimits.DEFAULT);
    }

    public TestAgents(StreamLimits limits) {
        this.limits = limits;
    }

    /** An agent, started when it is asked for first. */
    public TestAgent agent(AgentAddress address) {
        return agents.computeIfAbsent(address, TestAgent::new);
    }

    /** Stops an agent without a word, and starts it anew, without its streams. */
    public void restart(AgentAddress address) {
        network.cut(address);
        TestAgent former = agents.remove(address);
        if (former != null) {
            former.engine.close();
        }
        agent(address);
        network.heal(address);
    }

    /** Opens a stream to an agent's service. */
    public AgentStream open(AgentAddress from, AgentAddress to, String service, StreamListener listener)
            throws InterruptedException {
        return agent(from).plane().open(to, service, Lane.DATA, new byte[0], listener, DEADLINE);
    }

    @Override
    public void close() {
        agents.values().forEach(agent -> agent.engine.close());
        network.close();
        control.close();
    }

    /** One agent. */
    public final class TestAgent {
        public final AgentAddress address;
        public final StreamMeters meters = new StreamMeters();
        private final Map<String, StreamService> services = new ConcurrentHashMap<>();
        private final List<AgentStream> taken = new CopyOnWriteArrayList<>();
        private final StreamEngine engine;

        TestAgent(AgentAddress address) {
            this.address = address;
            this.engine =
                    new StreamEngine(address, network.link(address), control.of(address), this::find, limits, meters);
            engine.actions().forEach(action -> control.offer(address, action));
        }

        public <S extends StreamService> S offer(S service) {
            services.put(service.name(), service);
            return service;
        }

        private Optional<StreamService> find(String name) {
            return Optional.ofNullable(services.get(name))
                    .map(service -> new ScriptedService(service.name(), service.callers(), (stream, request) -> {
                        taken.add(stream);
                        return service.accept(stream, request);
                    }));
        }

        public DataPlane plane() {
            return engine.dataPlane();
        }

        /** Asks for a stream past the control plane and its rules. */
        public Record ask(AgentAddress caller, Record arguments) throws InterruptedException {
            return perform(engine.actions().get(0), caller, arguments);
        }

        private static <A extends Record, R extends Record> R perform(
                AgentAction<A, R> action, AgentAddress caller, Record arguments) throws InterruptedException {
            return action.perform(caller, action.arguments().cast(arguments));
        }

        /** Ends of streams that it knows. */
        public int known() {
            return engine.known();
        }

        /** Makes all streams that are open now fail; others may be opened. */
        public void failStreams() {
            taken.forEach(stream -> stream.cancel("Failed on purpose."));
            taken.clear();
        }

        public void stop() {
            engine.close();
        }
    }
}
