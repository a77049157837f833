package org.llmfactory.agent.deploy;

import org.llmfactory.api.network.Meaning;

/**
 * What {@value #ACTION} is asked for.
 *
 * @param deployer as in a {@link DeployOrder}
 * @param epoch as in a {@link DeployOrder}
 * @param symbolicName of the plugin
 */
public record WithdrawOrder(
        @Meaning("name of the controllers that decide; epochs count for each")
        String deployer,

        @Meaning("epoch of the leader that asks; an older one than was seen before is refused")
        long epoch,

        @Meaning("symbolic name of the plugin") String symbolicName) {
    /** The action's name. */
    public static final String ACTION = "plugin.withdraw";
}
