package org.llmfactory.agent.deploy;

import java.util.List;
import java.util.Map;
import org.llmfactory.api.network.Meaning;

/**
 * What {@value #ACTION} is asked for.
 *
 * @param deployer the controllers that decide, as they call themselves; epochs count for each
 * @param epoch of the leader that asks
 * @param symbolicName of the plugin
 * @param digest SHA-256 of its jar, which the asking controller has in its share {@value #SHARE}
 * @param configuration properties by PID; a property has a list of values
 * @param signers certificates in PEM that the controllers trust
 * @param healthSeconds how long the plugin must be well before it stays
 */
public record DeployOrder(
        @Meaning("name of the controllers that decide; epochs count for each")
        String deployer,

        @Meaning("epoch of the leader that asks; an older one than was seen before is refused")
        long epoch,

        @Meaning("symbolic name of the plugin") String symbolicName,

        @Meaning("SHA-256 of its jar, 64 lower-case hex digits; fetched from the caller's file share 'plugins'")
        String digest,

        @Meaning("its configuration: properties by PID, each a list of values; takes the place of the former one")
        Map<String, Map<String, List<String>>> configuration,

        @Meaning("certificates in PEM whose plugins are taken, beside those that the agent trusts itself")
        List<String> signers,

        @Meaning("for how many seconds the plugin must be well before it stays, 0 to 600")
        int healthSeconds) {
    /** The action's name. */
    public static final String ACTION = "plugin.deploy";

    /** The controller's file share; files are named by their SHA-256. */
    public static final String SHARE = "plugins";

    public DeployOrder {
        configuration = Map.copyOf(configuration);
        signers = List.copyOf(signers);
    }
}
