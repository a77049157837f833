package org.llmfactory.leadership.election;

import org.llmfactory.api.network.Meaning;

/** What a controller says to a leader. */
public record RenewAnswer(
        @Meaning("the newest epoch the controller knows of") long epoch,
        @Meaning("whether it follows the caller") boolean accepted) {}
