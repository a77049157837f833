package org.llmfactory.trainer.remote.controller;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.StreamListener;
import org.llmfactory.api.training.StepReport;
import org.llmfactory.api.training.TrainingEnd;
import org.llmfactory.api.training.TrainingListener;
import org.llmfactory.api.training.TrainingPlan;
import org.llmfactory.api.training.TrainingRun;
import org.llmfactory.trainer.remote.wire.Call;
import org.llmfactory.trainer.remote.wire.Frame;
import org.llmfactory.trainer.remote.wire.Problem;
import org.llmfactory.trainer.remote.wire.Protocol;
import org.llmfactory.trainer.remote.wire.Reply;
import org.llmfactory.trainer.remote.wire.Saved;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run on another agent. The node's calls are done on the thread that hears them, which keeps this stream waiting and no
 * other. The listener hears of the end once, whatever happens to the stream.
 */
final class RemoteRun implements TrainingRun, StreamListener {
    private static final Logger log = LoggerFactory.getLogger(RemoteRun.class);

    private final String where;
    private final Desk desk;
    private final TrainingListener listener;
    private final Consumer<RemoteRun> onEnd;
    private final CompletableFuture<AgentStream> stream = new CompletableFuture<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile boolean halted;

    /**
     * @param where the agent, for messages
     * @param onEnd told of its end before the listener is
     */
    RemoteRun(String where, Desk desk, TrainingListener listener, Consumer<RemoteRun> onEnd) {
        this.where = where;
        this.desk = desk;
        this.listener = listener;
        this.onEnd = onEnd;
    }

    /** The node has taken the order. */
    void opened(AgentStream taken) {
        stream.complete(taken);
        if (over.get()) {
            taken.cancel("Nobody waits for the run any more.");
        } else if (halted) {
            send(taken, Frame.of(Frame.Kind.HALT));
        }
    }

    @Override
    public void halt() {
        halted = true;
        AgentStream taken = stream.getNow(null);
        if (taken != null && !over.get()) {
            send(taken, Frame.of(Frame.Kind.HALT));
        }
    }

    /** Ends it from this side. */
    void abandon(FactoryException reason) {
        end(() -> listener.failed(reason));
        var unused = stream.thenAccept(taken -> taken.cancel("The controller has left the run."));
    }

    @Override
    public void onMessage(byte[] message) {
        try {
            Optional<Desk.Answer> answer;
            try {
                answer = handle(Frame.read(message));
            } catch (IOException | RuntimeException e) {
                log.debug("A call of {} failed", where, e);
                answer = Optional.of(new Desk.Answer(Reply.failed(e), new byte[0]));
            }
            if (answer.isPresent()) {
                send(
                        stream.get(Protocol.PATIENCE.toMillis(), TimeUnit.MILLISECONDS),
                        Frame.of(
                                Frame.Kind.REPLY,
                                answer.get().reply(),
                                answer.get().bytes()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.warn("{} cannot be answered", where, e);
        }
    }

    private Optional<Desk.Answer> handle(Frame frame) throws IOException, InterruptedException {
        if (over.get()) {
            throw new FactoryException(ErrorCode.CONFLICT, "The run is over.");
        }
        if (frame.kind() != Frame.Kind.CALL) {
            return desk.part(frame);
        }
        Call call = frame.head(Call.class);
        switch (call.action()) {
            case PLANNED -> listener.planned(call.event(TrainingPlan.class));
            case STEPPED -> listener.stepped(call.event(StepReport.class));
            case SAVED -> listener.saved(call.event(Saved.class).checkpoint());
            case ENDED -> {
                TrainingEnd end = call.event(TrainingEnd.class);
                end(() -> listener.ended(end));
            }
            case FAILED -> {
                FactoryException failure = call.event(Problem.class).failure();
                end(() -> listener.failed(failure));
            }
            default -> {
                return desk.call(call);
            }
        }
        return Optional.of(Desk.Answer.of(null));
    }

    private void send(AgentStream taken, Frame frame) {
        try {
            taken.send(frame.bytes());
        } catch (FactoryException e) {
            log.debug("{} cannot be told", where, e);
        }
    }

    /** The node ends its side after it has told of the run's end. */
    @Override
    public void onEnd() {
        onFailure(new FactoryException(ErrorCode.UNAVAILABLE, "it has left the run"));
        var unused = stream.thenAccept(AgentStream::finish);
    }

    @Override
    public void onFailure(FactoryException reason) {
        end(() -> listener.failed(new FactoryException(
                reason.code() == ErrorCode.OVERLOADED ? ErrorCode.OVERLOADED : ErrorCode.UNAVAILABLE,
                "The agent " + where + " was lost: " + reason.getMessage(),
                reason)));
    }

    /** The node has not taken the order. */
    void refused(FactoryException reason) {
        end(() -> listener.failed(reason));
    }

    private void end(Runnable telling) {
        if (over.compareAndSet(false, true)) {
            desk.close();
            onEnd.accept(this);
            telling.run();
        }
    }
}
