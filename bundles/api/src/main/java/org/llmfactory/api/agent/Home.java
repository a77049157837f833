package org.llmfactory.api.agent;

import java.nio.file.Path;
import org.osgi.annotation.versioning.ProviderType;

/** The directory that holds all state of this agent. OSGi service. */
@ProviderType
public interface Home {
    /** Framework property that names the directory. */
    String PROPERTY = "llmfactory.home";

    /** The directory itself; exists, mode 0700. */
    Path root();

    /** Base models, a folder each. */
    default Path models() {
        return root().resolve("models");
    }

    /** The file system's object store. */
    default Path objects() {
        return root().resolve("objects");
    }

    /** Files that can be fetched or computed again. */
    default Path cache() {
        return root().resolve("cache");
    }

    /** The administrator's API key, mode 0600. */
    default Path administratorKey() {
        return root().resolve("admin.key");
    }
}
