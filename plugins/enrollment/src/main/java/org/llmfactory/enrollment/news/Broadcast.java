package org.llmfactory.enrollment.news;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.llmfactory.agent.join.NetworkState;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.ControlPlane;
import org.llmfactory.enrollment.store.AgentTable;
import org.llmfactory.enrollment.store.KnownAgent;
import org.llmfactory.enrollment.store.NetworkStore;
import org.llmfactory.messaging.identity.IdentityKeeper;
import org.llmfactory.messaging.identity.NetworkIdentity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of changes: this controller itself at once, those that share its database through it, and all agents of the region by
 * {@code network.update}. An agent that is away asks when it is back.
 */
public final class Broadcast {
    private static final Logger LOG = LoggerFactory.getLogger(Broadcast.class);
    private static final Duration ANSWER = Duration.ofSeconds(30);

    private final NetworkStore store;
    private final Region region;
    private final IdentityKeeper keeper;
    private final Supplier<@Nullable ControlPlane> control;
    private final Executor thread;
    private final Clock clock;
    private Optional<NetworkState> told = Optional.empty();

    /**
     * Prepares it.
     *
     * @param thread runs what is done in the background, one thing at a time
     */
    public Broadcast(
            NetworkStore store,
            Region region,
            IdentityKeeper keeper,
            Supplier<@Nullable ControlPlane> control,
            Executor thread,
            Clock clock) {
        this.store = store;
        this.region = region;
        this.keeper = keeper;
        this.control = control;
        this.thread = thread;
        this.clock = clock;
    }

    /** Something has been changed here, and is committed. */
    public void changed() {
        apply();
        store.publish();
        tellAgents();
    }

    /** Takes over what is in the database, whoever wrote it. */
    public void apply() {
        keeper.identity().ifPresent(identity -> {
            identity.trust().revoke(region.revoked());
            Set<AgentAddress> known = identity.controllers();
            if (known.contains(identity.self())) {
                keeper.update(region.brokersToDial(identity.self()), region.controllersWith(identity.self()));
            }
        });
    }

    /** Tells the agents of the region in the background, unless they have been told the same. */
    public void tellAgents() {
        thread.execute(() -> keeper.identity().ifPresent(this::push));
    }

    private void push(NetworkIdentity identity) {
        NetworkState state = region.state();
        ControlPlane plane = control.get();
        // Without a broker or a connection nobody is reached; whoever comes back asks.
        if (plane == null
                || state.controllers().isEmpty()
                || told.filter(state::equals).isPresent()) {
            return;
        }
        told = Optional.of(state);
        listeners(identity, state).forEach(agent -> tell(plane, agent, state));
    }

    private static void tell(ControlPlane plane, AgentAddress agent, NetworkState state) {
        CompletableFuture<NetworkState.Taken> unused = plane.call(
                        agent, NetworkState.UPDATE, state, NetworkState.Taken.class, ANSWER)
                .whenComplete((taken, failure) -> {
                    if (failure != null) {
                        LOG.info("{} was not told of a change, and will ask: {}", agent, failure.getMessage());
                    }
                });
    }

    private List<AgentAddress> listeners(NetworkIdentity identity, NetworkState state) {
        return store.read(handle -> new AgentTable(handle).all()).stream()
                .filter(agent -> agent.isMember(clock.instant()))
                .map(KnownAgent::address)
                .filter(address -> !address.equals(identity.self()))
                .filter(address -> !state.controllers().contains(address.toString()))
                .toList();
    }
}
