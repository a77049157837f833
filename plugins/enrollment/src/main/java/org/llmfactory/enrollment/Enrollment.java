package org.llmfactory.enrollment;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.llmfactory.agent.join.AgentNames;
import org.llmfactory.agent.join.Gatekeeper;
import org.llmfactory.api.agent.Home;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.ControlPlane;
import org.llmfactory.database.ChangeFeed;
import org.llmfactory.enrollment.authority.Authorities;
import org.llmfactory.enrollment.authority.Founding;
import org.llmfactory.enrollment.authority.Parent;
import org.llmfactory.enrollment.news.Broadcast;
import org.llmfactory.enrollment.news.BrokerWatch;
import org.llmfactory.enrollment.news.Presence;
import org.llmfactory.enrollment.news.Region;
import org.llmfactory.enrollment.store.NetworkStore;
import org.llmfactory.messaging.identity.IdentityKeeper;
import org.llmfactory.messaging.link.LocalBroker;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;

/**
 * What the parts of this plugin share, and its one thread, which keeps certificates fresh and the database tidy. A service
 * within this bundle, and to the agent the sign that it is a controller.
 */
@Component(
        service = {Enrollment.class, Gatekeeper.class},
        immediate = true,
        configurationPid = Config.PID)
@Designate(ocd = Config.class)
public final class Enrollment implements Gatekeeper {
    private static final Duration ROUND = Duration.ofSeconds(60);
    private static final Duration A_LITTLE = Duration.ofSeconds(2);

    private final NetworkStore store;
    private final IdentityKeeper keeper;
    private final Ledger ledger;
    private final Clock clock;
    private final BrokerWatch broker = new BrokerWatch();
    private final Region region;
    private final Authorities authorities;
    private final Founding founding;
    private final Broadcast broadcast;
    private final Presence presence;
    private final ChangeFeed.Subscription news;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread worker = new Thread(task, "enrollment");
        worker.setDaemon(true);
        return worker;
    });
    private final ScheduledFuture<?> rounds;
    private volatile @Nullable ControlPlane control;

    @Activate
    public Enrollment(
            @Reference NetworkStore store,
            @Reference IdentityKeeper keeper,
            @Reference Ledger ledger,
            @Reference Home home,
            Config config) {
        this(store, keeper, ledger, name(config.name(), home), Clock.systemUTC());
    }

    /**
     * The plugin without its container, which would take a public constructor of as many parameters for its own.
     *
     * @param name what this controller is to be called
     */
    Enrollment(NetworkStore store, IdentityKeeper keeper, Ledger ledger, String name, Clock clock) {
        this.store = store;
        this.keeper = keeper;
        this.ledger = ledger;
        this.clock = clock;
        Parent parent = new Parent(() -> control);
        this.region = new Region(store, keeper, clock);
        this.authorities = new Authorities(store, ledger, parent, clock);
        this.founding = new Founding(store, authorities, keeper, region, name, clock);
        this.broadcast = new Broadcast(store, region, keeper, () -> control, this::inBackground, clock);
        this.presence =
                new Presence(store, keeper, region, broadcast, founding, parent, broker, this::inBackground, clock);
        this.news = store.subscribe(() -> inBackground(presence::refresh));
        this.rounds = thread.scheduleWithFixedDelay(presence::round, 0, ROUND.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static String name(String configured, Home home) {
        return configured.isBlank()
                ? AgentNames.of(home)
                : new AgentAddress(AgentAddress.PLATFORM, configured.strip()).name();
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    public void bindBroker(LocalBroker present) {
        broker.set(present);
        inBackground(presence::round);
    }

    /** It takes no connections any more. */
    public void unbindBroker(LocalBroker gone) {
        broker.unset(gone);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    public void bindControl(ControlPlane present) {
        control = present;
        inBackground(presence::round);
    }

    /** This controller is in no network any more. */
    public void unbindControl(ControlPlane gone) {
        if (control == gone) {
            control = null;
        }
    }

    @Deactivate
    public void stop() {
        news.close();
        rounds.cancel(false);
        presence.stop();
        thread.shutdownNow();
    }

    private void inBackground(Runnable work) {
        // Somebody may still be at work here while this is being stopped.
        if (!thread.isShutdown()) {
            thread.execute(work);
        }
    }

    @Override
    public boolean isFounder() {
        return founding.isFounder();
    }

    public NetworkStore store() {
        return store;
    }

    public Ledger ledger() {
        return ledger;
    }

    public Clock clock() {
        return clock;
    }

    /** Now, as the database has it. */
    public Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }

    public Region region() {
        return region;
    }

    public Authorities authorities() {
        return authorities;
    }

    public Founding founding() {
        return founding;
    }

    public Broadcast broadcast() {
        return broadcast;
    }

    public BrokerWatch broker() {
        return broker;
    }

    /** This controller in its network. */
    public Optional<AgentAddress> self() {
        return keeper.identity().map(identity -> identity.self());
    }

    /** The controllers above this one; itself and its equals for a founder. */
    public Set<AgentAddress> controllers() {
        return keeper.identity().map(identity -> identity.controllers()).orElse(Set.of());
    }

    /** Does something a little later, when an answer that is on its way has arrived. */
    public void later(Runnable work) {
        CompletableFuture.delayedExecutor(A_LITTLE.toMillis(), TimeUnit.MILLISECONDS, thread)
                .execute(work);
    }
}
