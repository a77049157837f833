package org.llmfactory.messaging.testing;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.llmfactory.api.network.AgentAction;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.ControlPlane;
import org.llmfactory.messaging.call.ActionTable;
import org.llmfactory.messaging.call.SealedControlPlane;
import org.llmfactory.messaging.home.NetworkFolder;
import org.llmfactory.messaging.identity.NetworkIdentity;
import org.llmfactory.messaging.link.Link;

/** An agent of a network in memory with the control plane that agents really have. */
public final class NetworkedAgent implements AutoCloseable {
    /** Calls are sent again much sooner than in production. */
    public static final Duration RESEND = Duration.ofMillis(300);

    private final NetworkIdentity identity;
    private final Link link;
    private final ActionTable actions = new ActionTable();
    private final SealedControlPlane controlPlane;

    private NetworkedAgent(NetworkIdentity identity, Link link, Path home, Clock clock) {
        this.identity = identity;
        this.link = link;
        this.controlPlane = new SealedControlPlane(new NetworkFolder(home), identity, link, actions, clock, 4, RESEND);
    }

    /** An agent that an authority makes a member, or that its home says is one. */
    public static NetworkedAgent join(
            InMemoryNetwork network, TestAuthority authority, AgentAddress address, Path home) {
        NetworkIdentity identity = authority.keeper(home).identity().orElseGet(() -> authority.identity(address, home));
        return of(network, identity, home, Clock.systemUTC());
    }

    /** An agent with an identity of the test's choice, and a clock for its control plane. */
    public static NetworkedAgent of(InMemoryNetwork network, NetworkIdentity identity, Path home, Clock clock) {
        return new NetworkedAgent(identity, network.link(identity.self()), home, clock);
    }

    /** Offers an action, as if it were a service. */
    public void offer(AgentAction<?, ?> action) {
        actions.add(action);
    }

    /** Takes it away again. */
    public void withdraw(AgentAction<?, ?> action) {
        actions.remove(action);
    }

    public AgentAddress self() {
        return identity.self();
    }

    public NetworkIdentity identity() {
        return identity;
    }

    public Link link() {
        return link;
    }

    public ControlPlane controlPlane() {
        return controlPlane;
    }

    @Override
    public void close() {
        controlPlane.close();
    }
}
