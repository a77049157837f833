package org.llmfactory.dataplane.stream;

import java.util.Optional;
import org.llmfactory.api.network.StreamService;

/** The stream services of this agent. */
public interface StreamServices {
    Optional<StreamService> find(String name);
}
