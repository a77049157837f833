package org.llmfactory.bench.network;

import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Meaning;

/**
 * What another agent is to send here.
 *
 * @param peer who sends
 * @param streams how many at the same time
 * @param messages on each
 * @param size bytes of each, at most 64 KiB
 */
public record Transfer(
        @Meaning("the agent that sends") AgentAddress peer,
        @Meaning("streams at the same time") int streams,
        @Meaning("messages on each stream") int messages,
        @Meaning("bytes of each message, at most 64 KiB") int size) {}
