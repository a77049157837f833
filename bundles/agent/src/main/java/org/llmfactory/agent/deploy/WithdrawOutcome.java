package org.llmfactory.agent.deploy;

import org.llmfactory.api.network.Meaning;

/**
 * What came of a {@link WithdrawOrder}.
 *
 * @param removed false when the plugin had not been deployed here any more
 */
public record WithdrawOutcome(
        @Meaning("false when it had not been deployed here any more")
        boolean removed) {}
