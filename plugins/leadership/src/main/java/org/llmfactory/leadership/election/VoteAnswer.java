package org.llmfactory.leadership.election;

import org.llmfactory.api.network.Meaning;

/** What a controller says to a candidate. */
public record VoteAnswer(
        @Meaning("the newest epoch the voter knows of") long epoch,
        @Meaning("whether the candidate has the vote") boolean granted) {}
