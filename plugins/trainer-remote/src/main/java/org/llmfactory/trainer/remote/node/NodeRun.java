package org.llmfactory.trainer.remote.node;

import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.StreamListener;
import org.llmfactory.api.training.Checkpoint;
import org.llmfactory.api.training.StepReport;
import org.llmfactory.api.training.Trainer;
import org.llmfactory.api.training.TrainingEnd;
import org.llmfactory.api.training.TrainingListener;
import org.llmfactory.api.training.TrainingOrder;
import org.llmfactory.api.training.TrainingPlan;
import org.llmfactory.api.training.TrainingRun;
import org.llmfactory.trainer.remote.wire.Call;
import org.llmfactory.trainer.remote.wire.Call.Action;
import org.llmfactory.trainer.remote.wire.Frame;
import org.llmfactory.trainer.remote.wire.Problem;
import org.llmfactory.trainer.remote.wire.Saved;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run for a controller. All that it reads, writes and says passes through its stream; it keeps nothing here. */
final class NodeRun implements StreamListener, TrainingListener {
    private static final Logger log = LoggerFactory.getLogger(NodeRun.class);

    private final AgentStream stream;
    private final TrainingOrder order;
    private final Consumer<NodeRun> onEnd;
    private final Line line;
    private boolean halted;
    private @Nullable TrainingRun run;

    /**
     * @param onEnd called once, when the run is over
     */
    NodeRun(AgentStream stream, TrainingOrder order, Consumer<NodeRun> onEnd) {
        this.stream = stream;
        this.order = order;
        this.onEnd = onEnd;
        this.line = new Line(stream);
    }

    /** Begins it; throws what the trainer throws. */
    void begin(Trainer trainer) {
        TrainingRun begun = trainer.start(order, new ControllersStore(line), this);
        synchronized (this) {
            run = begun;
            if (halted) {
                begun.halt();
            }
        }
        log.info("{} is trained for {}", order.job(), stream.peer());
    }

    /** Asks it to stop; its end follows. */
    synchronized void halt() {
        halted = true;
        if (run != null) {
            run.halt();
        }
    }

    @Override
    public void onMessage(byte[] message) {
        Frame frame = Frame.read(message);
        switch (frame.kind()) {
            case REPLY -> line.answered(frame);
            case HALT -> halt();
            default -> log.debug("{} says what nobody asked for", stream.peer());
        }
    }

    /** The controller ends its side when it has heard of the run's end; before it nobody waits for it any more. */
    @Override
    public void onEnd() {
        onFailure(new FactoryException(ErrorCode.UNAVAILABLE, "The controller has left the run."));
    }

    @Override
    public void onFailure(FactoryException reason) {
        line.lose(reason);
        halt();
    }

    @Override
    public void planned(TrainingPlan plan) {
        tell(Action.PLANNED, plan);
    }

    @Override
    public void stepped(StepReport report) {
        tell(Action.STEPPED, report);
    }

    @Override
    public void saved(Checkpoint checkpoint) {
        tell(Action.SAVED, Saved.of(checkpoint));
    }

    @Override
    public void ended(TrainingEnd end) {
        last(Action.ENDED, end);
    }

    @Override
    public void failed(FactoryException failure) {
        last(Action.FAILED, Problem.of(failure));
    }

    private void tell(Action action, Object event) {
        try {
            line.ask(Call.tell(action, event));
        } catch (IOException e) {
            throw new FactoryException(ErrorCode.UNAVAILABLE, "The controller cannot keep what the run says.", e);
        }
    }

    private void last(Action action, Object event) {
        try {
            tell(action, event);
            stream.finish();
        } catch (FactoryException unheard) {
            log.warn("The end of {} was not heard by {}: {}", order.job(), stream.peer(), unheard.getMessage());
            stream.cancel("The run is over.");
        } finally {
            onEnd.accept(this);
        }
    }
}
