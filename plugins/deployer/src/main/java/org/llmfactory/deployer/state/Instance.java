package org.llmfactory.deployer.state;

import java.time.Instant;
import org.llmfactory.api.network.AgentAddress;

/**
 * A plugin on an agent, as far as it is known.
 *
 * @param plugin its symbolic name
 * @param agent where it is
 * @param deployment whose it is
 * @param revision the one that it was deployed for
 * @param specification hash of jar and configuration
 * @param digest SHA-256 of the jar
 * @param memoryMib what it was promised
 * @param state how far it is
 * @param reason why it failed, or what is being waited for
 * @param changed since when it is so
 */
public record Instance(
        String plugin,
        AgentAddress agent,
        String deployment,
        int revision,
        String specification,
        String digest,
        long memoryMib,
        State state,
        String reason,
        Instant changed) {
    /** How far a plugin on an agent is. */
    public enum State {
        /** The agent was chosen. */
        PLANNED,
        /** The agent has been asked. */
        DEPLOYING,
        /** It runs, and has proved itself. */
        ACTIVE,
        /** It did not; the agent has what it had before. */
        FAILED,
        /** The agent has been asked to remove it. */
        REMOVING
    }

    /** The same in another state. */
    public Instance in(State next, String why, Instant now) {
        return new Instance(plugin, agent, deployment, revision, specification, digest, memoryMib, next, why, now);
    }

    /** Whether it runs as somebody specified. */
    public boolean isActive(String wanted) {
        return state == State.ACTIVE && specification.equals(wanted);
    }

    /** Whether just this failed. */
    public boolean hasFailed(String wanted) {
        return state == State.FAILED && specification.equals(wanted);
    }
}
