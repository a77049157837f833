package org.llmfactory.agent.deploy;

import org.llmfactory.api.network.Meaning;

/**
 * What came of a {@link DeployOrder}.
 *
 * @param deployed true when the plugin runs as it was ordered; false when everything is as it was before
 * @param changed false when it had been running so already
 * @param reason why it was not deployed; empty when it was
 */
public record DeployOutcome(
        @Meaning("true when the plugin runs as ordered, false when everything is as it was before")
        boolean deployed,

        @Meaning("false when it had been running so already")
        boolean changed,

        @Meaning("why it was not deployed; empty when it was")
        String reason) {}
