package org.llmfactory.leadership.service;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.ControlPlane;
import org.llmfactory.leadership.election.Outbox;
import org.llmfactory.leadership.election.RenewAnswer;
import org.llmfactory.leadership.election.RenewRequest;
import org.llmfactory.leadership.election.VoteAnswer;
import org.llmfactory.leadership.election.VoteRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An election's messages as calls between controllers. One that is not answered is none that was sent. */
final class ControlPlaneOutbox implements Outbox {
    private static final Logger LOG = LoggerFactory.getLogger(ControlPlaneOutbox.class);

    private final ControlPlane plane;
    private final Duration deadline;
    private final Executor thread;
    private final Candidacy candidacy;

    ControlPlaneOutbox(ControlPlane plane, Duration deadline, Executor thread, Candidacy candidacy) {
        this.plane = plane;
        this.deadline = deadline;
        this.thread = thread;
        this.candidacy = candidacy;
    }

    @Override
    public void ask(AgentAddress voter, VoteRequest request) {
        deliver(
                voter,
                plane.call(voter, VoteAction.NAME, request, VoteAnswer.class, deadline),
                answer -> candidacy.voteAnswered(voter, request, answer));
    }

    @Override
    public void renew(AgentAddress follower, RenewRequest request, long sentAt) {
        deliver(
                follower,
                plane.call(follower, RenewAction.NAME, request, RenewAnswer.class, deadline),
                answer -> candidacy.renewAnswered(follower, request, sentAt, answer));
    }

    @Override
    public void claim(long epoch, long version) {
        candidacy.claim(epoch, version);
    }

    /** On the election's own thread, since those of the control plane must not wait. */
    private <R> void deliver(AgentAddress from, CompletableFuture<R> call, Consumer<R> heard) {
        CompletableFuture<R> unused = call.whenComplete((answer, failure) -> {
            if (failure != null) {
                LOG.debug("No answer of {}", from, failure);
                return;
            }
            try {
                thread.execute(() -> heard.accept(answer));
            } catch (RejectedExecutionException closing) {
                LOG.debug("An answer of {} came too late", from, closing);
            }
        });
    }
}
