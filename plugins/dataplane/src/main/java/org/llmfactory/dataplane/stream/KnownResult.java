package org.llmfactory.dataplane.stream;

import org.llmfactory.api.network.Meaning;

/** Whether there is such a stream. */
public record KnownResult(
        @Meaning("whether this agent has such a stream with the one who asks")
        boolean known) {}
