package org.llmfactory.bench.network;

import java.time.Duration;
import org.llmfactory.api.network.AgentAction;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.ControlPlane;
import org.llmfactory.api.network.Meaning;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code bench.calls}: how long calls to another agent take that ask for next to nothing. */
@Component(service = AgentAction.class)
public final class CallsAction implements AgentAction<CallsAction.Calls, Latencies> {
    private static final String PING = "agent.ping";
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    /**
     * Calls, one after the other.
     *
     * @param peer who is called
     * @param warmUp calls before those that are measured
     * @param calls how many are measured
     */
    public record Calls(
            @Meaning("the agent that is called") AgentAddress peer,
            @Meaning("calls before those that are measured") int warmUp,

            @Meaning("calls that are measured, one after the other")
            int calls) {}

    private final ControlPlane controlPlane;

    @Activate
    public CallsAction(@Reference ControlPlane controlPlane) {
        this.controlPlane = controlPlane;
    }

    @Override
    public String name() {
        return "bench.calls";
    }

    @Override
    public String why() {
        return "Measures how long calls of agent.ping to another agent take.";
    }

    @Override
    public Class<Calls> arguments() {
        return Calls.class;
    }

    @Override
    public Class<Latencies> result() {
        return Latencies.class;
    }

    @Override
    public Callers callers() {
        return Callers.CONTROLLERS;
    }

    @Override
    public Latencies perform(AgentAddress caller, Calls asked) throws InterruptedException {
        for (int i = 0; i < asked.warmUp(); i++) {
            call(asked.peer());
        }
        long[] nanos = new long[Math.max(1, asked.calls())];
        for (int i = 0; i < nanos.length; i++) {
            nanos[i] = call(asked.peer());
        }
        return Latencies.of(nanos);
    }

    private long call(AgentAddress peer) throws InterruptedException {
        long start = System.nanoTime();
        Arrival.await(controlPlane.callJson(peer, PING, "{}", DEADLINE), DEADLINE);
        return System.nanoTime() - start;
    }
}
