package org.llmfactory.api.network;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/** Files that other agents may fetch. Register it as an OSGi service and the data plane serves them. */
@ConsumerType
public interface FileShare {
    /** Its name, for example {@code plugins}. */
    String name();

    /** Who may fetch. */
    Callers callers();

    /**
     * Looks a file up.
     *
     * @param name the share's own name for it, not a path of the file system
     * @return the file, not changed while it is sent; empty when there is none, or none for this caller
     */
    Optional<Path> find(AgentAddress caller, String name) throws IOException;
}
