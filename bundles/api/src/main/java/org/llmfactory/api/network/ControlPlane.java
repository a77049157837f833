package org.llmfactory.api.network;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Asks other agents to do things. A call is signed by this agent, sealed for the other, kept by the brokers on the way, and
 * ends at its deadline. OSGi service, there while the agent belongs to a network; safe for use by several threads.
 */
@ProviderType
public interface ControlPlane {
    /**
     * Asks an agent for an action; one may ask oneself too.
     *
     * @param deadline from now until when an answer is of use; 1 ms to 1 hour
     * @return completed with the result, or with a {@code FactoryException}: the one the action threw, {@code
     *     PERMISSION_DENIED} when this agent may not ask for it, {@code NOT_FOUND} when there is no such action, {@code
     *     DEADLINE_EXCEEDED} when no answer came in time. Never left open. Continuations run on a thread of the control
     *     plane and must not block.
     */
    <R extends Record> CompletableFuture<R> call(
            AgentAddress to, String action, Record arguments, Class<R> result, Duration deadline);

    /**
     * The same with arguments and result as JSON text, for whoever does not know the action's records.
     *
     * @return the result as a JSON object
     */
    CompletableFuture<String> callJson(AgentAddress to, String action, String arguments, Duration deadline);
}
