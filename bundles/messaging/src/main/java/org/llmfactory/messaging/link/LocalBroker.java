package org.llmfactory.messaging.link;

import java.net.URI;
import org.osgi.annotation.versioning.ProviderType;

/** The broker in this agent, where it has one. OSGi service, there while the broker takes connections. */
@ProviderType
public interface LocalBroker {
    /** Where this agent itself reaches it: {@code ssl://127.0.0.1:port}. */
    URI address();

    /** Where others reach it, as the operator says or as the machine knows. */
    URI advertised();
}
