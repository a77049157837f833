package org.llmfactory.api.network.testing;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.DataPlane;
import org.llmfactory.api.network.Lane;
import org.llmfactory.api.network.StreamListener;
import org.llmfactory.api.network.StreamService;

/** The data planes of a network in memory: streams between agents of one test, a thread for each direction. */
public final class InMemoryDataPlane implements AutoCloseable {
    private final Map<AgentAddress, Map<String, StreamService>> services = new ConcurrentHashMap<>();
    private final Set<InMemoryStream> streams = new CopyOnWriteArraySet<>();

    /** Offers a service of an agent. */
    public void offer(AgentAddress agent, StreamService service) {
        services.computeIfAbsent(agent, address -> new ConcurrentHashMap<>()).put(service.name(), service);
    }

    /** Makes an agent vanish: its streams fail at the other end, and no new one is opened. */
    public void kill(AgentAddress agent) {
        services.remove(agent);
        streams.stream().filter(stream -> stream.peer().equals(agent)).forEach(InMemoryStream::lose);
    }

    /** The data plane as one agent has it. */
    public DataPlane of(AgentAddress self) {
        return new DataPlane() {
            @Override
            public AgentStream open(
                    AgentAddress to,
                    String service,
                    Lane lane,
                    byte[] request,
                    StreamListener listener,
                    Duration deadline) {
                return start(self, to, service, request, listener);
            }
        };
    }

    private AgentStream start(
            AgentAddress from, AgentAddress to, String name, byte[] request, StreamListener listener) {
        if (!from.mayReach(to)) {
            throw new FactoryException(ErrorCode.PERMISSION_DENIED, from + " may not reach " + to + ".");
        }
        Map<String, StreamService> offered = services.get(to);
        if (offered == null) {
            throw new FactoryException(ErrorCode.DEADLINE_EXCEEDED, "The agent " + to + " did not answer in time.");
        }
        StreamService service = offered.get(name);
        if (service == null) {
            throw new FactoryException(ErrorCode.NOT_FOUND, "The agent " + to + " has no stream service " + name + ".");
        }
        if (!service.callers().include(from, to)) {
            throw new FactoryException(ErrorCode.PERMISSION_DENIED, from + " may not open " + name + ".");
        }
        InMemoryStream here = new InMemoryStream(to);
        InMemoryStream there = new InMemoryStream(from);
        here.connect(there);
        there.connect(here);
        // Before it is offered: the service may answer at once.
        here.listen(listener);
        there.listen(service.accept(there, request.clone()));
        streams.add(here);
        streams.add(there);
        return here;
    }

    @Override
    public void close() {
        streams.forEach(InMemoryStream::close);
    }
}
