package org.llmfactory.agent.network;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import org.llmfactory.api.network.AgentAction;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.Meaning;
import org.osgi.service.component.annotations.Component;

/** {@code agent.ping}: whether the agent hears and answers. */
@Component(service = AgentAction.class)
public final class PingAction implements AgentAction<PingAction.Ping, PingAction.Pong> {
    /** There is nothing to say. */
    public record Ping() {}

    /**
     * The agent is there.
     *
     * @param time by its own clock
     * @param uptime of its process
     */
    public record Pong(
            @Meaning("the agent's own clock") Instant time,

            @Meaning("how long its process has been running")
            Duration uptime) {}

    @Override
    public String name() {
        return "agent.ping";
    }

    @Override
    public String why() {
        return "Finds out whether the agent hears calls and answers them.";
    }

    @Override
    public Class<Ping> arguments() {
        return Ping.class;
    }

    @Override
    public Class<Pong> result() {
        return Pong.class;
    }

    @Override
    public Callers callers() {
        return Callers.NETWORK;
    }

    @Override
    public Pong perform(AgentAddress caller, Ping arguments) {
        return new Pong(
                Instant.now(),
                Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime()));
    }
}
