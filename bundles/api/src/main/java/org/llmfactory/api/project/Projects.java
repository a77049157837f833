package org.llmfactory.api.project;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What projects have decided. Answers come from memory: asked on every request. OSGi service; safe for use by several
 * threads.
 */
@ProviderType
public interface Projects {
    /** The settings in force; empty for a project that is unknown or archived. */
    Optional<ProjectSettings> settings(String project);

    /** A project's name, archived or not. */
    Optional<String> name(String project);
}
