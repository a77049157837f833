package org.llmfactory.api.network;

import org.osgi.annotation.versioning.ConsumerType;

/** Something that other agents open streams to. Register it as an OSGi service and the data plane offers it. */
@ConsumerType
public interface StreamService {
    /** Its name, for example {@code inference}. */
    String name();

    /** Who may open a stream. */
    Callers callers();

    /**
     * Takes a stream. Sending on it is possible at once.
     *
     * @param request what the opener said first; its format is the service's own
     * @return who hears what arrives; nothing is delivered before this returns
     * @throws org.llmfactory.api.error.FactoryException told to the opener, whose {@code open} throws it
     */
    StreamListener accept(AgentStream stream, byte[] request);
}
