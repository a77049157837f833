package org.llmfactory.api.network;

import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/** What this agent's operator calls it, for placing work. OSGi service, always there. */
@ProviderType
public interface AgentLabels {
    /** The labels of the moment; possibly none. */
    Map<String, String> labels();
}
