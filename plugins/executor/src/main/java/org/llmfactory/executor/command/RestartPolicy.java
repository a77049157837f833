package org.llmfactory.executor.command;

/** Whether a detached process that has ended is started again. */
public enum RestartPolicy {
    NEVER,
    /** When it ended with another status than 0, or was ended because it was not well. */
    ON_FAILURE,
    ALWAYS
}
