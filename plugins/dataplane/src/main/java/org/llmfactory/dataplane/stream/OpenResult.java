package org.llmfactory.dataplane.stream;

import org.llmfactory.api.network.Meaning;

/** What the agent answers that has taken a stream. */
@SuppressWarnings("ArrayRecordComponent")
public record OpenResult(
        @Meaning("32 random bytes for the stream's keys") byte[] random,

        @Meaning("cost of messages that the acceptor takes before it gives credit, in bytes")
        int window) {}
