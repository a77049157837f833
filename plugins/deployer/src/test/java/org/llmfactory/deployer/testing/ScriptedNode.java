package org.llmfactory.deployer.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.llmfactory.agent.deploy.DeployOrder;
import org.llmfactory.agent.deploy.DeployOutcome;
import org.llmfactory.agent.deploy.WithdrawOrder;
import org.llmfactory.agent.deploy.WithdrawOutcome;
import org.llmfactory.api.agent.PluginInfo;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAction;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentReport;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.testing.InMemoryControlPlane;
import org.llmfactory.api.network.testing.InMemoryFleet;

/** An agent that carries out orders, or does not, as the test says; it reports what it runs. */
public final class ScriptedNode {
    private final AgentAddress address;
    private final InMemoryFleet fleet;
    private final Map<String, String> plugins = new TreeMap<>();
    private final Map<String, Long> epochs = new HashMap<>();
    private final Map<String, String> bad = new HashMap<>();
    private final List<DeployOrder> orders = new CopyOnWriteArrayList<>();
    private volatile boolean busy;
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private long memory = 12L << 30;

    public ScriptedNode(AgentAddress address, InMemoryControlPlane control, InMemoryFleet fleet) {
        this.address = address;
        this.fleet = fleet;
        control.offer(address, new Action<>(DeployOrder.ACTION, DeployOrder.class, DeployOutcome.class, this::deploy));
        control.offer(
                address,
                new Action<>(WithdrawOrder.ACTION, WithdrawOrder.class, WithdrawOutcome.class, this::withdraw));
        report();
    }

    /** Lets a jar fail here, whenever it is deployed. */
    public void fails(String digest, String reason) {
        bad.put(digest, reason);
    }

    /** Lets a failing jar work after all. */
    public void works(String digest) {
        bad.remove(digest);
    }

    /** Whether it answers that it has no time. */
    public void busy(boolean whether) {
        busy = whether;
    }

    /** Holds every answer back until it is let go. */
    public void hold() {
        gate = new CountDownLatch(1);
    }

    public void letGo() {
        gate.countDown();
    }

    public void freeMemory(long mib) {
        memory = mib << 20;
        report();
    }

    /** Loses a plugin, as if somebody had removed it. */
    public synchronized void lose(String plugin) {
        plugins.remove(plugin);
        report();
    }

    public synchronized Map<String, String> plugins() {
        return Map.copyOf(plugins);
    }

    /** The orders it was given, oldest first. */
    public List<DeployOrder> orders() {
        return List.copyOf(orders);
    }

    public void silence() {
        fleet.silence(address);
    }

    public synchronized void report() {
        AgentReport idle = InMemoryFleet.idleReport(Map.of());
        List<PluginInfo> running = new ArrayList<>();
        plugins.forEach((name, digest) -> running.add(new PluginInfo(name, "1.0.0", "active", digest, true)));
        fleet.report(
                address,
                new AgentReport(
                        idle.feature(),
                        idle.region(),
                        idle.started(),
                        idle.labels(),
                        idle.hardware(),
                        running,
                        idle.engines(),
                        idle.trainers(),
                        new AgentReport.Load(0, memory, 1, 1)));
    }

    private DeployOutcome deploy(DeployOrder order) throws InterruptedException {
        orders.add(order);
        gate.await();
        if (busy) {
            throw new FactoryException(ErrorCode.OVERLOADED, "There is no time.");
        }
        synchronized (this) {
            enter(order.deployer(), order.epoch());
            String reason = bad.get(order.digest());
            if (reason != null) {
                return new DeployOutcome(false, false, reason);
            }
            boolean changed = !order.digest().equals(plugins.put(order.symbolicName(), order.digest()));
            report();
            return new DeployOutcome(true, changed, "");
        }
    }

    private synchronized WithdrawOutcome withdraw(WithdrawOrder order) {
        enter(order.deployer(), order.epoch());
        boolean removed = plugins.remove(order.symbolicName()) != null;
        report();
        return new WithdrawOutcome(removed);
    }

    private void enter(String deployer, long epoch) {
        if (epoch < epochs.getOrDefault(deployer, 0L)) {
            throw new FactoryException(ErrorCode.CONFLICT, "The order comes too late.");
        }
        epochs.put(deployer, epoch);
    }

    private interface Doing<A, R> {
        R perform(A arguments) throws InterruptedException;
    }

    private record Action<A extends Record, R extends Record>(
            String name, Class<A> arguments, Class<R> result, Doing<A, R> doing) implements AgentAction<A, R> {
        @Override
        public String why() {
            return "Scripted.";
        }

        @Override
        public Callers callers() {
            return Callers.CONTROLLERS;
        }

        @Override
        public R perform(AgentAddress caller, A arguments) throws InterruptedException {
            return doing.perform(arguments);
        }
    }
}
