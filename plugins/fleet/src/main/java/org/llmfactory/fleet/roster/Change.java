package org.llmfactory.fleet.roster;

/** What has happened to an agent. */
public enum Change {
    /** It reports for the first time. */
    JOINED,
    /** Something of it has changed. */
    CHANGED,
    /** It has gone silent. */
    SILENT,
    /** It has said goodbye. */
    STOPPED,
    /** Its process has begun anew; what it reported before no longer holds. */
    RESTARTED,
    /** It is heard again after it was not. */
    RETURNED,
    /** It has been silent for so long that it is no longer listed. */
    FORGOTTEN;

    /** Whether the agent is gone with this. */
    public boolean isLoss() {
        return this == SILENT || this == STOPPED || this == RESTARTED;
    }
}
