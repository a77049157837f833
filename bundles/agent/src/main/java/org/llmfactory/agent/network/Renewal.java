package org.llmfactory.agent.network;

import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.llmfactory.agent.join.Certified;
import org.llmfactory.agent.join.NetworkState;
import org.llmfactory.agent.join.SigningOrder;
import org.llmfactory.agent.join.StateQuestion;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.ControlPlane;
import org.llmfactory.api.network.Lane;
import org.llmfactory.messaging.identity.IdentityKeeper;
import org.llmfactory.messaging.identity.NetworkIdentity;
import org.llmfactory.messaging.link.Link;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews this agent's certificate in the background, at whichever of its controllers answers, and asks after each
 * interruption what has changed meanwhile. A controller that has founded the network does both itself.
 */
@Component(service = {})
public final class Renewal {
    private static final Logger LOG = LoggerFactory.getLogger(Renewal.class);
    private static final Duration ANSWER = Duration.ofSeconds(20);
    /** A chain that changed by other hands, or a clock that was set, is seen by then. */
    private static final Duration LONGEST_SLEEP = Duration.ofMinutes(10);

    private final NetworkIdentity identity;
    private final IdentityKeeper keeper;
    private final ControlPlane control;
    private final Clock clock;
    private final RenewalSchedule schedule;
    private final NetworkNews news;
    private final Link.Registration reconnections;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread worker = new Thread(task, "network-renewal");
        worker.setDaemon(true);
        return worker;
    });
    private int failures;
    private double place = ThreadLocalRandom.current().nextDouble();
    private volatile @Nullable ScheduledFuture<?> nextRound;

    @Activate
    public Renewal(
            @Reference NetworkIdentity identity,
            @Reference IdentityKeeper keeper,
            @Reference ControlPlane control,
            @Reference Link link) {
        this(identity, keeper, control, link, Clock.systemUTC());
    }

    /** The same by another clock. */
    public Renewal(NetworkIdentity identity, IdentityKeeper keeper, ControlPlane control, Link link, Clock clock) {
        this.identity = identity;
        this.keeper = keeper;
        this.control = control;
        this.clock = clock;
        this.schedule = new RenewalSchedule(() -> ThreadLocalRandom.current().nextDouble());
        this.news = new NetworkNews(identity, keeper);
        this.reconnections = link.onUp(Lane.CONTROL, () -> thread.execute(this::refresh));
        thread.execute(this::refresh);
        thread.execute(this::round);
    }

    /** Renews no more. */
    @Deactivate
    public void stop() {
        reconnections.close();
        ScheduledFuture<?> waiting = nextRound;
        if (waiting != null) {
            waiting.cancel(false);
        }
        thread.shutdownNow();
    }

    private boolean isFounder() {
        return identity.controllers().contains(identity.self());
    }

    private void round() {
        Duration next = LONGEST_SLEEP;
        try {
            Duration wait = RenewalSchedule.untilDue(identity.chain(), clock.instant(), place);
            if (!isFounder() && wait.isZero()) {
                renew();
                failures = 0;
                place = ThreadLocalRandom.current().nextDouble();
                wait = RenewalSchedule.untilDue(identity.chain(), clock.instant(), place);
            }
            next = shorter(wait, LONGEST_SLEEP);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return;
        } catch (RuntimeException e) {
            failures++;
            next = schedule.afterFailure(failures);
            LOG.warn(
                    "The certificate of {}, which ends at {}, was not renewed; it is tried again in {} s: {}",
                    identity.self(),
                    identity.chain().get(0).getNotAfter().toInstant(),
                    next.toSeconds(),
                    e.getMessage());
        }
        nextRound = thread.schedule(this::round, Math.max(next.toMillis(), 1), TimeUnit.MILLISECONDS);
    }

    private void renew() throws InterruptedException {
        SigningOrder order = SigningOrder.of(keeper.request());
        ask(
                (controller, certified) -> {
                    keeper.accept(certified.credential());
                    news.accept(controller, certified.state());
                    LOG.info(
                            "The certificate of {} was renewed by {} and ends at {}",
                            identity.self(),
                            controller,
                            identity.chain().get(0).getNotAfter().toInstant());
                },
                controller -> control.call(controller, SigningOrder.RENEW, order, Certified.class, ANSWER));
    }

    private void refresh() {
        if (isFounder()) {
            return;
        }
        try {
            ask(
                    news::accept,
                    controller -> control.call(
                            controller, NetworkState.CURRENT, new StateQuestion(), NetworkState.class, ANSWER));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            // They tell of changes themselves; this was for what may have been missed.
            LOG.info("No controller says how the network is: {}", e.getMessage());
        }
    }

    private interface Taking<R> {
        void take(AgentAddress controller, R result);
    }

    /** Asks one controller after another until one answers. */
    private <R> void ask(Taking<R> taking, Function<AgentAddress, CompletableFuture<R>> call)
            throws InterruptedException {
        FactoryException last = new FactoryException(ErrorCode.OVERLOADED, "No controller is known.");
        for (AgentAddress controller : Set.copyOf(identity.controllers())) {
            try {
                taking.take(controller, call.apply(controller).get());
                return;
            } catch (ExecutionException e) {
                last = e.getCause() instanceof FactoryException refusal
                        ? refusal
                        : new FactoryException(ErrorCode.INTERNAL, "The controller fails: " + e.getCause(), e);
            }
        }
        throw last;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
