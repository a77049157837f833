package org.llmfactory.api.network;

/** Which agents may ask for an action or a stream, within what {@link AgentAddress#mayReach} lets through at all. */
public enum Callers {
    /** Controllers only. */
    CONTROLLERS,
    /** Controllers, and agents of the same tenant. */
    TENANT,
    /** Every agent that can reach this one. */
    NETWORK;

    /** Whether {@code caller} may ask {@code callee}. */
    public boolean include(AgentAddress caller, AgentAddress callee) {
        return switch (this) {
            case CONTROLLERS -> caller.isController();
            case TENANT -> caller.isController() || caller.tenant().equals(callee.tenant());
            case NETWORK -> caller.mayReach(callee);
        };
    }
}
