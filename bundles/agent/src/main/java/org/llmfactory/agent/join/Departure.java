package org.llmfactory.agent.join;

import org.llmfactory.api.network.Meaning;

/** An agent leaves its network: arguments of {@link #ACTION}. */
public record Departure() {
    /** The action of controllers that the leaving agent asks for. */
    public static final String ACTION = "network.leave";

    /**
     * That it was heard.
     *
     * @param left always true
     */
    public record Noted(
            @Meaning("true: the agent is forgotten and its certificates are revoked")
            boolean left) {}
}
