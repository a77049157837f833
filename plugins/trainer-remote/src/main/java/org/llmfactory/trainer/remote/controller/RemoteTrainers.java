package org.llmfactory.trainer.remote.controller;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.DataPlane;
import org.llmfactory.api.network.Fleet;
import org.llmfactory.api.network.Membership;
import org.llmfactory.api.training.Trainer;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes every trainer that agents report a service of this controller. An agent that falls silent gets no new orders, and
 * its trainer goes when the fleet has given it up. On an agent that nobody reports to it does nothing.
 */
@Component(service = Fleet.Listener.class, immediate = true)
public final class RemoteTrainers implements Fleet.Listener {
    private static final Logger log = LoggerFactory.getLogger(RemoteTrainers.class);
    private static final Duration OPENING = Duration.ofSeconds(10);
    private static final Duration CHECK = Duration.ofSeconds(2);

    /** How long a fleet that has just come may know nobody. */
    private static final Duration SETTLING = Duration.ofSeconds(5);

    /** Where a trainer is published. */
    @FunctionalInterface
    interface Publisher {
        /**
         * Publishes one.
         *
         * @return takes it back
         */
        Runnable publish(AgentAddress agent, Trainer trainer);
    }

    /** A trainer, and what takes it back while it is published. */
    private static final class Known {
        private final RemoteTrainer trainer;
        private Optional<Runnable> published = Optional.empty();

        Known(RemoteTrainer trainer) {
            this.trainer = trainer;
        }

        void withdraw() {
            published.ifPresent(Runnable::run);
            published = Optional.empty();
        }
    }

    private final Publisher publisher;
    private final DataPlane dataPlane;
    private final AgentAddress self;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> daemon(task, "trainer-remote"));
    private final ScheduledExecutorService keeper =
            Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "trainer-remote-keeper"));
    private final Map<AgentAddress, Known> agents = new HashMap<>();
    private volatile @Nullable Fleet fleet;
    private volatile long fleetSince;

    @Activate
    public RemoteTrainers(BundleContext context, @Reference DataPlane dataPlane, @Reference Membership membership) {
        this(
                (agent, trainer) -> context.registerService(
                                Trainer.class,
                                trainer,
                                FrameworkUtil.asDictionary(Map.of(Trainer.AGENT, agent.toString())))::unregister,
                dataPlane,
                membership.self());
    }

    RemoteTrainers(Publisher publisher, DataPlane dataPlane, AgentAddress self) {
        this.publisher = publisher;
        this.dataPlane = dataPlane;
        this.self = self;
        var unused = keeper.scheduleWithFixedDelay(
                () -> safely(this::check), CHECK.toMillis(), CHECK.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Asks this fleet whether agents are still known. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setFleet(Fleet present) {
        fleetSince = System.nanoTime();
        fleet = present;
        keeper.execute(() -> safely(() -> present.members().forEach(this::hear)));
    }

    void unsetFleet(Fleet gone) {
        if (fleet == gone) {
            fleet = null;
        }
    }

    @Override
    public void onChange(Fleet.Member member) {
        keeper.execute(() -> safely(() -> hear(member)));
    }

    private void hear(Fleet.Member member) {
        if (member.address().equals(self)) {
            return;
        }
        Known known = agents.computeIfAbsent(
                member.address(), address -> new Known(new RemoteTrainer(address, dataPlane, threads, OPENING)));
        if (!known.trainer.update(member)) {
            known.withdraw();
        } else if (known.published.isEmpty()) {
            known.published = Optional.of(publisher.publish(member.address(), known.trainer));
        }
    }

    private void check() {
        Fleet present = fleet;
        if (present == null || System.nanoTime() - fleetSince < SETTLING.toNanos()) {
            return;
        }
        for (AgentAddress agent : Set.copyOf(agents.keySet())) {
            Optional<Fleet.Member> member = present.member(agent);
            if (member.isPresent()) {
                hear(member.get());
            } else {
                forget(agent);
            }
        }
    }

    private void forget(AgentAddress agent) {
        Known known = agents.remove(agent);
        if (known != null) {
            known.withdraw();
            known.trainer.close();
        }
    }

    private static void safely(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            log.error("The trainers of other agents could not be looked after", e);
        }
    }

    @Deactivate
    void stop() throws InterruptedException {
        keeper.execute(() -> safely(() -> Set.copyOf(agents.keySet()).forEach(this::forget)));
        keeper.shutdown();
        if (!keeper.awaitTermination(OPENING.toSeconds(), TimeUnit.SECONDS)) {
            log.warn("The trainers of other agents could not be taken back");
        }
        threads.shutdownNow();
    }
}
