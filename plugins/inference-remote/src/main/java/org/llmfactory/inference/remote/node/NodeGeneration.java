package org.llmfactory.inference.remote.node;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.inference.FinishReason;
import org.llmfactory.api.inference.GeneratedToken;
import org.llmfactory.api.inference.GenerationRequest;
import org.llmfactory.api.inference.GenerationUsage;
import org.llmfactory.api.inference.TokenSink;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.StreamListener;
import org.llmfactory.inference.remote.wire.Event;
import org.llmfactory.inference.remote.wire.Protocol;
import org.llmfactory.inference.remote.wire.RemoteRequest;
import org.llmfactory.inference.remote.wire.RequestReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One generation for a controller, from the request's first word to the end of the answer. */
final class NodeGeneration implements StreamListener, TokenSink {
    private static final Logger log = LoggerFactory.getLogger(NodeGeneration.class);

    private static final GenerationUsage NOTHING =
            new GenerationUsage(0, 0, 0, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);

    private final AgentStream stream;
    private final RequestReader reader;
    private final NodeWork work;
    private final Outbox outbox;
    private volatile boolean cancelled;
    private volatile boolean begun;
    private volatile long waitedNanos;

    /** @param onEnd called once, when the generation is over */
    NodeGeneration(AgentStream stream, RequestReader reader, NodeWork work, Executor threads, Runnable onEnd) {
        this.stream = stream;
        this.reader = reader;
        this.work = work;
        this.outbox = new Outbox(stream, threads, onEnd);
    }

    /** Goes to work if all of the request has come. */
    void proceed() {
        try {
            reader.request().ifPresent(this::start);
        } catch (FactoryException refused) {
            onError(refused);
        } catch (RuntimeException broken) {
            log.error("A request of {} cannot be taken", stream.peer(), broken);
            onError(new FactoryException(ErrorCode.INTERNAL, "The node failed.", broken));
        }
    }

    private void start(RemoteRequest request) {
        begun = true;
        long started = System.nanoTime();
        var unused = work.whenAdaptersAreHere(stream.peer(), request)
                .whenComplete((nothing, failure) -> submit(request, started, failure));
    }

    private void submit(RemoteRequest request, long started, @Nullable Throwable missing) {
        waitedNanos = System.nanoTime() - started;
        try {
            if (missing != null) {
                throw NodeAdapters.reason(missing);
            }
            if (cancelled) {
                onFinish(FinishReason.CANCELLED, NOTHING);
                return;
            }
            GenerationRequest asked = request.request();
            work.submit(request, asked.within(asked.deadline().minus(Duration.ofNanos(waitedNanos))), this);
        } catch (FactoryException refused) {
            onError(refused);
        } catch (RuntimeException broken) {
            log.error("A request of {} cannot be begun", stream.peer(), broken);
            onError(new FactoryException(ErrorCode.INTERNAL, "The node failed.", broken));
        }
    }

    /** Ends it from this side, since this half is going. */
    void abandon() {
        cancelled = true;
        stream.cancel("The node is being stopped or updated.");
        outbox.close();
    }

    @Override
    public void onMessage(byte[] message) {
        if (Protocol.isCancellation(message)) {
            giveUp();
        } else if (!begun) {
            try {
                reader.add(message);
            } catch (FactoryException malformed) {
                onError(malformed);
                return;
            }
            proceed();
        }
    }

    /** The controller finishes after the answer's end; before it nobody waits any more. */
    @Override
    public void onEnd() {
        giveUp();
    }

    @Override
    public void onFailure(FactoryException reason) {
        cancelled = true;
        outbox.close();
    }

    /** The engine sees it with its next step, and tells the end then. */
    private void giveUp() {
        cancelled = true;
        if (!begun) {
            outbox.close();
        }
    }

    @Override
    public void onToken(GeneratedToken token) {
        outbox.add(new Event.Token(token));
    }

    @Override
    public void onPrompt(List<GeneratedToken> prompt) {
        outbox.add(new Event.Prompt(prompt));
    }

    @Override
    public void onFinish(FinishReason reason, GenerationUsage usage) {
        Duration waited = Duration.ofNanos(waitedNanos);
        outbox.add(new Event.Finish(
                reason,
                new GenerationUsage(
                        usage.promptTokens(),
                        usage.cachedTokens(),
                        usage.completionTokens(),
                        usage.queueTime().plus(waited),
                        usage.adapterLoadTime().plus(waited),
                        usage.timeToFirstToken(),
                        usage.totalTime())));
    }

    @Override
    public void onError(FactoryException failure) {
        begun = true;
        outbox.add(new Event.Failure(failure));
    }

    @Override
    public boolean isCancelled() {
        return cancelled || outbox.isClosed();
    }
}
