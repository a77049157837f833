package org.llmfactory.inference.remote.controller;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.inference.FinishReason;
import org.llmfactory.api.inference.GenerationRequest;
import org.llmfactory.api.inference.TokenSink;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.Lane;
import org.llmfactory.api.network.StreamListener;
import org.llmfactory.inference.remote.wire.Event;
import org.llmfactory.inference.remote.wire.EventReader;
import org.llmfactory.inference.remote.wire.Protocol;
import org.llmfactory.inference.remote.wire.RemoteRequest;
import org.llmfactory.inference.remote.wire.RequestWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One generation on another agent. Whatever happens there, it ends here once: with the node's word, or without it when the
 * agent is gone, the deadline has passed, or nobody waits any more and the node does not say so in time.
 */
final class RemoteGeneration implements StreamListener {
    /** How it ended, for the engine. */
    enum Outcome {
        /** The way there did its duty. */
        ANSWERED,
        /** The way there is broken. */
        LOST
    }

    private static final Logger log = LoggerFactory.getLogger(RemoteGeneration.class);

    /** How long the node may take to say what a cancelled generation has cost. */
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    /** The node sees to the deadline; this is for one that does not. */
    private static final Duration LATE = Duration.ofMillis(500);

    private final AgentAddress agent;
    private final RemoteRequest remote;
    private final GenerationRequest request;
    private final TokenSink sink;
    private final Link link;
    private final BiConsumer<RemoteGeneration, Outcome> onEnd;
    private final EventReader reader;
    private final Answer answer;
    private @Nullable AgentStream stream;
    private boolean answered;
    private volatile long cancelledAt;

    /** @param onEnd called once, before the sink hears of the end */
    RemoteGeneration(
            AgentAddress agent,
            RemoteRequest remote,
            TokenSink sink,
            Link link,
            BiConsumer<RemoteGeneration, Outcome> onEnd) {
        this.agent = agent;
        this.remote = remote;
        this.request = remote.request();
        this.sink = sink;
        this.link = link;
        this.onEnd = onEnd;
        this.reader = new EventReader(request.prompt().length);
        this.answer = new Answer(sink, request.prompt().length);
    }

    /** Goes on its way; returns at once. */
    void begin() {
        link.watch().add(this);
        try {
            link.openers().execute(this::open);
        } catch (RejectedExecutionException stopped) {
            lose();
        }
    }

    List<String> adapters() {
        return remote.adapters();
    }

    int received() {
        return answer.received();
    }

    private void open() {
        Duration left = left();
        if (left.toMillis() < 1) {
            fail(late(), Outcome.ANSWERED);
            return;
        }
        try {
            List<byte[]> words = RequestWriter.write(within(left));
            Duration patience = left.compareTo(link.open()) < 0 ? left : link.open();
            AgentStream opened =
                    link.dataPlane().open(agent, Protocol.SERVICE, Lane.DATA, words.get(0), this, patience);
            if (isTaken(opened)) {
                send(opened, words.subList(1, words.size()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            lose();
        } catch (FactoryException refused) {
            refuse(refused);
        } catch (RuntimeException broken) {
            log.error("A generation cannot be sent to {}", agent, broken);
            lose();
        }
    }

    /** False when it has ended meanwhile: then nobody wants the stream. */
    private boolean isTaken(AgentStream opened) {
        boolean well;
        synchronized (this) {
            stream = opened;
            well = answered;
        }
        // Whoever ends it from now on sees the stream.
        boolean over = answer.isEnded();
        if (over && well) {
            opened.finish();
        } else if (over) {
            opened.cancel("Nobody waits for the answer any more.");
        } else if (answer.isUnwanted()) {
            sendCancellation(opened);
        }
        return !over;
    }

    private void send(AgentStream opened, List<byte[]> words) throws InterruptedException {
        for (byte[] word : words) {
            if (!opened.awaitWritable(left())) {
                return;
            }
            opened.send(word);
        }
    }

    /** The node, or the way there, did not take it. Some words are the node's own. */
    private void refuse(FactoryException refused) {
        switch (refused.code()) {
            case OVERLOADED, RATE_LIMITED, PERMISSION_DENIED -> fail(refused, Outcome.ANSWERED);
            case DEADLINE_EXCEEDED -> {
                if (left().isNegative()) {
                    fail(late(), Outcome.ANSWERED);
                } else {
                    lose(refused);
                }
            }
            default -> lose(refused);
        }
    }

    private Duration left() {
        return request.deadline().minus(answer.age());
    }

    private RemoteRequest within(Duration left) {
        return new RemoteRequest(remote.model(), remote.digest(), request.within(left), remote.projects());
    }

    @Override
    public void onMessage(byte[] message) {
        try {
            reader.read(message, this::take);
        } catch (IOException malformed) {
            log.warn("{} does not speak the protocol: {}", agent, malformed.getMessage());
            lose();
        } catch (RuntimeException broken) {
            log.error("What {} says of {} cannot be passed on", agent, request.id(), broken);
            fail(new FactoryException(ErrorCode.INTERNAL, "The answer cannot be passed on.", broken), Outcome.ANSWERED);
            cancelStream("The answer cannot be passed on.");
        }
    }

    private void take(Event event) {
        if (event instanceof Event.Finish finish) {
            release();
            if (end(Outcome.ANSWERED)) {
                FinishReason reason = answer.isUnwanted() ? FinishReason.CANCELLED : finish.reason();
                sink.onFinish(reason, answer.usage(finish.usage()));
            }
        } else if (event instanceof Event.Failure failure) {
            release();
            fail(failure.failure(), Outcome.ANSWERED);
        } else {
            answer.tell(event);
            look();
        }
    }

    /** Both sides have said all. */
    private void release() {
        AgentStream open;
        synchronized (this) {
            answered = true;
            open = stream;
        }
        if (open != null) {
            open.finish();
        }
    }

    @Override
    public void onEnd() {
        lose();
    }

    @Override
    public void onFailure(FactoryException reason) {
        lose(reason);
    }

    /** Whether anybody still waits, and whether it is time to stop waiting for the node. */
    void look() {
        if (answer.isEnded()) {
            return;
        }
        if (sink.isCancelled()) {
            cancel();
        } else if (left().plus(LATE).isNegative()) {
            fail(late(), Outcome.ANSWERED);
            cancelStream("The deadline has passed.");
        }
    }

    private void cancel() {
        synchronized (this) {
            cancelledAt = cancelledAt == 0 ? System.nanoTime() : cancelledAt;
        }
        boolean first = answer.refuse();
        AgentStream open = stream();
        boolean unheard = open == null && answer.received() == 0;
        if (unheard || System.nanoTime() - cancelledAt > FAREWELL.toNanos()) {
            finishCancelled(Outcome.ANSWERED);
            cancelStream("Nobody waits for the answer any more.");
        } else if (first && open != null) {
            sendCancellation(open);
        }
    }

    private synchronized @Nullable AgentStream stream() {
        return stream;
    }

    private void sendCancellation(AgentStream open) {
        try {
            open.send(Protocol.cancellation());
        } catch (FactoryException over) {
            finishCancelled(Outcome.ANSWERED);
        }
    }

    /** After the end has been told, so that whoever gets the stream at this moment knows that it is not wanted. */
    private void cancelStream(String reason) {
        AgentStream open = stream();
        if (open != null) {
            open.cancel(reason);
        }
    }

    /** The agent is gone, or this controller stops. */
    void lose() {
        lose(null);
    }

    /** The agent is not heard: what it has not begun to answer is not waited for, since another may answer it. */
    void loseUnbegun() {
        if (answer.received() == 0) {
            lose();
        }
    }

    private void lose(@Nullable FactoryException reason) {
        if (answer.isEnded()) {
            return;
        }
        if (reason != null) {
            log.info("The generation {} on {} is lost: {}", request.id(), agent, reason.getMessage());
        }
        if (sink.isCancelled()) {
            finishCancelled(Outcome.LOST);
        } else {
            fail(
                    FactoryException.retryLater(
                            ErrorCode.UNAVAILABLE,
                            Duration.ofSeconds(1),
                            "The machine that was answering cannot be reached any more; send the request again."),
                    Outcome.LOST);
        }
        cancelStream("The generation is given up.");
    }

    private static FactoryException late() {
        return new FactoryException(ErrorCode.DEADLINE_EXCEEDED, "The deadline of the request has passed.");
    }

    private void fail(FactoryException failure, Outcome outcome) {
        if (end(outcome)) {
            sink.onError(failure);
        }
    }

    private void finishCancelled(Outcome outcome) {
        if (end(outcome)) {
            sink.onFinish(FinishReason.CANCELLED, answer.usage());
        }
    }

    /** True for the one who is to tell the sink. */
    private boolean end(Outcome outcome) {
        if (!answer.end()) {
            return false;
        }
        link.watch().remove(this);
        onEnd.accept(this, outcome);
        return true;
    }
}
