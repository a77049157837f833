package org.llmfactory.dataplane.stream;

import org.llmfactory.api.network.Lane;
import org.llmfactory.api.network.Meaning;

/** What an agent says that wants a stream. */
@SuppressWarnings("ArrayRecordComponent")
public record OpenArguments(
        @Meaning("name of the stream service") String service,
        @Meaning("the lane of its frames, LIVE or DATA") Lane lane,
        @Meaning("16 random bytes that name the stream") byte[] stream,
        @Meaning("32 random bytes for the stream's keys") byte[] random,

        @Meaning("cost of messages that the opener takes before it gives credit, in bytes")
        int window,

        @Meaning("what the service is told, at most 48 KiB") byte[] request) {}
