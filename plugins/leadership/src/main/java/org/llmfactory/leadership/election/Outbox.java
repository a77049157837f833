package org.llmfactory.leadership.election;

import org.llmfactory.api.network.AgentAddress;

/** Where an election sends what it has to say. Nothing here waits, and nothing calls back before it returns. */
public interface Outbox {
    /** Asks for a vote; the answer comes to {@link Election#voteAnswered}. */
    void ask(AgentAddress voter, VoteRequest request);

    /** Asks to be confirmed; the answer comes to {@link Election#renewAnswered} with the time of sending. */
    void renew(AgentAddress follower, RenewRequest request, long sentAt);

    /**
     * Enters this controller as the leader of an epoch in the shared database, unless the epoch has been led in or the list
     * of controllers has another version by now; the outcome comes to {@link Election#claimed}.
     */
    void claim(long epoch, long version);
}
