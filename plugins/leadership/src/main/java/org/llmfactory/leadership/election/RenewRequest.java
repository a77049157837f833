package org.llmfactory.leadership.election;

import org.llmfactory.api.network.Meaning;

/** A leader asks to be confirmed; the leader is the caller. */
public record RenewRequest(@Meaning("the epoch it leads in") long epoch) {}
