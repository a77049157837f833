package org.llmfactory.deployer.description;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.osgi.framework.VersionRange;

/**
 * A plugin of a deployment.
 *
 * @param plugin its symbolic name
 * @param versions of which the newest that is published is taken
 * @param count on how many agents it is to run; empty for all that fit
 * @param configuration properties by PID; a property has a list of values
 * @param constraints which agents fit
 */
public record PluginSpec(
        String plugin,
        VersionRange versions,
        OptionalInt count,
        Map<String, Map<String, List<String>>> configuration,
        Constraints constraints) {
    public PluginSpec {
        configuration = Map.copyOf(configuration);
    }
}
