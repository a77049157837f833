package org.llmfactory.dataplane.stream;

import org.llmfactory.api.network.Meaning;

/** Which stream is asked for. */
@SuppressWarnings("ArrayRecordComponent")
public record KnownArguments(
        @Meaning("the 16 bytes that name the stream") byte[] stream,
        @Meaning("whether the one who asks has opened it") boolean opener) {}
