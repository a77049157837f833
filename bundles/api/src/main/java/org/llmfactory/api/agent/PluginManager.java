package org.llmfactory.api.agent;

import java.nio.file.Path;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The plugins of this agent. The only way a bundle is installed, updated or removed while the agent runs. OSGi service;
 * changes are made one at a time.
 */
@ProviderType
public interface PluginManager {
    /** Every plugin bundle, by symbolic name. */
    List<PluginInfo> list();

    /**
     * Installs a plugin, or updates the one with the same symbolic name, and starts it. Requests it is working on are
     * finished first; when the new one does not start, the old one is put back.
     *
     * @param jar a bundle; copied into the home, so that it is there after a restart
     * @throws org.llmfactory.api.error.FactoryException {@code INVALID_FILE} when the jar is no plugin bundle or not
     *     signed by someone trusted, {@code OVERLOADED} when the plugin was still at work, {@code
     *     CONFLICT} when it does not resolve or start, with the framework's reason
     */
    PluginInfo deploy(Path jar);

    /**
     * Drains and removes a plugin.
     *
     * @throws org.llmfactory.api.error.FactoryException {@code NOT_FOUND} when there is none of that name
     */
    void undeploy(String symbolicName);
}
