package org.llmfactory.trainer.remote.node;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.llmfactory.api.agent.Drainable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.Membership;
import org.llmfactory.api.network.StreamListener;
import org.llmfactory.api.network.StreamService;
import org.llmfactory.api.training.Trainer;
import org.llmfactory.api.training.TrainingOrder;
import org.llmfactory.trainer.remote.wire.Order;
import org.llmfactory.trainer.remote.wire.Protocol;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * Trains for controllers with the trainers of this agent. Whose orders it takes is decided here, by this agent's own
 * tenant, whatever a controller believes.
 */
@Component(
        service = {StreamService.class, Drainable.class},
        immediate = true)
public final class TrainerService implements StreamService, Drainable {
    private static final Duration STOP = Duration.ofSeconds(10);

    private final AgentAddress self;
    private final List<Trainer> trainers = new CopyOnWriteArrayList<>();
    private final Set<NodeRun> underWay = new HashSet<>();
    private boolean closed;

    @Activate
    public TrainerService(@Reference Membership membership) {
        self = membership.self();
    }

    /** Trains with a trainer of this agent; those of other agents are theirs to offer. */
    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            target = "(!(" + Trainer.AGENT + "=*))")
    public void addTrainer(Trainer trainer) {
        trainers.add(trainer);
    }

    public void removeTrainer(Trainer trainer) {
        trainers.remove(trainer);
    }

    @Override
    public String name() {
        return Protocol.SERVICE;
    }

    @Override
    public Callers callers() {
        return Callers.CONTROLLERS;
    }

    @Override
    public StreamListener accept(AgentStream stream, byte[] request) {
        if (!callers().include(stream.peer(), self)) {
            throw new FactoryException(ErrorCode.PERMISSION_DENIED, "Only controllers may train on this node.");
        }
        TrainingOrder order = Order.read(request);
        if (!self.worksFor(order.project())) {
            throw new FactoryException(
                    ErrorCode.PERMISSION_DENIED, "The node " + self + " does not work for other projects.");
        }
        NodeRun run = new NodeRun(stream, order, this::leave);
        enter(run);
        try {
            run.begin(trainer());
        } catch (RuntimeException refused) {
            leave(run);
            throw refused;
        }
        return run;
    }

    private Trainer trainer() {
        return trainers.stream()
                .findFirst()
                .orElseThrow(() -> new FactoryException(
                        ErrorCode.UNAVAILABLE, "The node " + self + " has no trainer at present."));
    }

    private synchronized void enter(NodeRun run) {
        if (closed) {
            throw FactoryException.retryLater(
                    ErrorCode.OVERLOADED, Duration.ofSeconds(1), "The node is being updated.");
        }
        underWay.add(run);
    }

    private synchronized void leave(NodeRun run) {
        underWay.remove(run);
        notifyAll();
    }

    /** Halts every run; each leaves its state at its controller. */
    @Override
    public synchronized boolean drain(Duration deadline) throws InterruptedException {
        closed = true;
        underWay.forEach(NodeRun::halt);
        long end = System.nanoTime() + deadline.toNanos();
        for (long left = deadline.toMillis();
                !underWay.isEmpty() && left > 0;
                left = (end - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
        return underWay.isEmpty();
    }

    @Override
    public synchronized void resume() {
        closed = false;
    }

    @Deactivate
    void stop() throws InterruptedException {
        drain(STOP);
    }
}
