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

    /** The embedded database, when no other is configured. */
    default Path database() {
        return root().resolve("database");
    }

    /** What the agent writes about itself. */
    default Path logs() {
        return root().resolve("logs");
    }

    /** Keys that this agent makes for itself, a file each, mode 0600; the folder is made, mode 0700, with the first. */
    default Path secrets() {
        return root().resolve("secrets");
    }

    /** The administrator's API key, mode 0600. */
    default Path administratorKey() {
        return root().resolve("admin.key");
    }
}
