package org.llmfactory.leadership.election;

import org.llmfactory.api.network.Meaning;

/** A candidate asks for a vote; the candidate is the caller. */
public record VoteRequest(
        @Meaning("the epoch it would lead in") long epoch,

        @Meaning("true for a question only, which binds nobody: would the vote be given")
        boolean trial) {}
