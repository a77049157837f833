package org.llmfactory.trainer.remote.controller;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentReport.TrainerReport;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.DataPlane;
import org.llmfactory.api.network.Fleet.Member;
import org.llmfactory.api.network.Lane;
import org.llmfactory.api.storage.ObjectStore;
import org.llmfactory.api.training.Trainer;
import org.llmfactory.api.training.TrainingListener;
import org.llmfactory.api.training.TrainingOrder;
import org.llmfactory.api.training.TrainingRun;
import org.llmfactory.trainer.remote.wire.Order;
import org.llmfactory.trainer.remote.wire.Protocol;

/** The trainer of another agent, as its last report describes it. While the agent is silent it trains nothing new. */
final class RemoteTrainer implements Trainer {
    private final AgentAddress agent;
    private final DataPlane dataPlane;
    private final Executor threads;
    private final Duration opening;
    private final Set<RemoteRun> runs = ConcurrentHashMap.newKeySet();
    private volatile Set<String> models = Set.of();
    private volatile int capacity = 1;

    /**
     * @param threads for what may wait
     * @param opening how long the agent may take to accept an order
     */
    RemoteTrainer(AgentAddress agent, DataPlane dataPlane, Executor threads, Duration opening) {
        this.agent = agent;
        this.dataPlane = dataPlane;
        this.threads = threads;
        this.opening = opening;
    }

    /** Takes over what is known of the agent; answers whether it has a trainer at all. */
    boolean update(Member member) {
        Set<String> known = new HashSet<>();
        int most = 0;
        for (TrainerReport report : member.report().trainers()) {
            known.addAll(report.models());
            most += report.capacity();
        }
        models = member.alive() ? Set.copyOf(known) : Set.of();
        capacity = Math.max(1, most);
        return most > 0;
    }

    @Override
    public Set<String> models() {
        return models;
    }

    @Override
    public boolean worksFor(String project) {
        return agent.worksFor(project);
    }

    @Override
    public int capacity() {
        return capacity;
    }

    @Override
    public TrainingRun start(TrainingOrder order, ObjectStore store, TrainingListener listener) {
        if (!worksFor(order.project())) {
            throw new FactoryException(ErrorCode.PERMISSION_DENIED, "The node " + agent + " does not work for others.");
        }
        Desk desk = new Desk(new ConfinedStore(store, order), threads);
        RemoteRun run = new RemoteRun(agent.toString(), desk, listener, runs::remove);
        runs.add(run);
        threads.execute(() -> open(order, run));
        return run;
    }

    private void open(TrainingOrder order, RemoteRun run) {
        try {
            AgentStream stream = dataPlane.open(agent, Protocol.SERVICE, Lane.DATA, Order.bytes(order), run, opening);
            run.opened(stream);
        } catch (FactoryException refused) {
            run.refused(refused);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            run.refused(stopping());
        } catch (RuntimeException failed) {
            run.refused(new FactoryException(ErrorCode.INTERNAL, "The order cannot be sent.", failed));
        }
    }

    /** Leaves every run, so that it can go on elsewhere. */
    void close() {
        Set.copyOf(runs).forEach(run -> run.abandon(stopping()));
    }

    private static FactoryException stopping() {
        return new FactoryException(ErrorCode.UNAVAILABLE, "The way to the trainer is being closed.");
    }
}
