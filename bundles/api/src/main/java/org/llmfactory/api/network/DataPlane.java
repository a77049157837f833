package org.llmfactory.api.network;

import java.time.Duration;
import org.osgi.annotation.versioning.ProviderType;

/** Opens streams to other agents. OSGi service, there while the agent belongs to a network. */
@ProviderType
public interface DataPlane {
    /**
     * Opens a stream to a service of another agent and waits until it is taken.
     *
     * @param lane {@link Lane#LIVE} or {@link Lane#DATA}
     * @param request told to the service first; at most 48 KiB
     * @param listener hears what arrives
     * @throws org.llmfactory.api.error.FactoryException the service's own refusal, {@code PERMISSION_DENIED}, {@code
     *     NOT_FOUND} when there is no such service, {@code DEADLINE_EXCEEDED}
     */
    AgentStream open(
            AgentAddress to, String service, Lane lane, byte[] request, StreamListener listener, Duration deadline)
            throws InterruptedException;
}
