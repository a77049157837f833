package org.llmfactory.api.network;

/** The ways a frame can take. Each has a connection of its own, so that a full one holds up none of the others. */
public enum Lane {
    /** Signs of life and what must not wait: small frames only. */
    LIVE,
    /** Calls and their answers; kept by brokers until they are delivered or their time has passed. */
    CONTROL,
    /** Answers as they are generated, files, tunnels. */
    DATA
}
