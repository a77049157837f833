package org.llmfactory.api.governance;

/** How a piece of work ended. */
public enum Outcome {
    /** Answered in full. */
    COMPLETED,
    /** The client went away or cancelled. */
    CANCELLED,
    /** A content policy ended the answer. */
    BLOCKED,
    /** The platform failed. */
    FAILED
}
