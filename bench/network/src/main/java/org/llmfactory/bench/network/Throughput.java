package org.llmfactory.bench.network;

import org.llmfactory.api.network.Meaning;

/**
 * How much arrived how fast.
 *
 * @param messages how many have arrived
 * @param bytes of their content
 * @param seconds from the first arrival to the last
 * @param megabytesPerSecond a megabyte is a million bytes
 */
public record Throughput(
        @Meaning("messages that have arrived") long messages,
        @Meaning("bytes of their content") long bytes,

        @Meaning("seconds from the first arrival to the last")
        double seconds,

        @Meaning("million bytes of content a second") double megabytesPerSecond) {}
