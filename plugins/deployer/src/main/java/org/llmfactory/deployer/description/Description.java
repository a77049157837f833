package org.llmfactory.deployer.description;

import java.util.List;

/**
 * What is to run where.
 *
 * @param name of the deployment
 * @param plugins in the order in which they are rolled out
 * @param strategy how they are
 */
public record Description(String name, List<PluginSpec> plugins, Strategy strategy) {
    public Description {
        plugins = List.copyOf(plugins);
    }
}
