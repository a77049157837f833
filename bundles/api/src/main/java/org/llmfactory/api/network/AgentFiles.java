package org.llmfactory.api.network;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.osgi.annotation.versioning.ProviderType;

/** Fetches files from other agents. OSGi service, there while the agent belongs to a network. */
@ProviderType
public interface AgentFiles {
    /**
     * Fetches a file of another agent's {@link FileShare} whole or not at all.
     *
     * @param target where it is to lie; replaced when it is there
     * @param sha256 what it must be, 64 lower-case hex digits; empty when only the sender's own digest is checked
     * @param deadline for all of it
     * @throws org.llmfactory.api.error.FactoryException {@code NOT_FOUND}, {@code INVALID_FILE} when the digest differs,
     *     {@code DEADLINE_EXCEEDED}
     */
    void fetch(AgentAddress from, String share, String name, Path target, String sha256, Duration deadline)
            throws IOException, InterruptedException;
}
