package org.llmfactory.agent.network;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.llmfactory.agent.join.AgentNames;
import org.llmfactory.agent.join.Departure;
import org.llmfactory.agent.join.Gatekeeper;
import org.llmfactory.agent.join.JoinKind;
import org.llmfactory.agent.join.JoinToken;
import org.llmfactory.api.agent.Home;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.ControlPlane;
import org.llmfactory.messaging.identity.CertificateProfile;
import org.llmfactory.messaging.identity.Credential;
import org.llmfactory.messaging.identity.IdentityKeeper;
import org.llmfactory.messaging.identity.NetworkIdentity;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Joins a network and leaves it. A service within this bundle; one thing at a time. */
@Component(service = NetworkMember.class)
public final class NetworkMember {
    private static final Logger LOG = LoggerFactory.getLogger(NetworkMember.class);
    private static final Duration JOIN = Duration.ofSeconds(30);
    private static final Duration FAREWELL = Duration.ofSeconds(5);

    private final Home home;
    private final IdentityKeeper keeper;
    private final StoredLabels labels;
    private final Clock clock;

    private volatile @Nullable Gatekeeper gatekeeper;
    private volatile @Nullable ControlPlane control;

    @Activate
    public NetworkMember(@Reference Home home, @Reference IdentityKeeper keeper, @Reference StoredLabels labels) {
        this(home, keeper, labels, Clock.systemUTC());
    }

    /** The same by another clock. */
    public NetworkMember(Home home, IdentityKeeper keeper, StoredLabels labels, Clock clock) {
        this.home = home;
        this.keeper = keeper;
        this.labels = labels;
        this.clock = clock;
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    public void bindGatekeeper(Gatekeeper present) {
        gatekeeper = present;
    }

    /** This agent cannot let others in any more. */
    public void unbindGatekeeper(Gatekeeper gone) {
        if (gatekeeper == gone) {
            gatekeeper = null;
        }
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    public void bindControl(ControlPlane present) {
        control = present;
    }

    /** This agent is in no network any more. */
    public void unbindControl(ControlPlane gone) {
        if (control == gone) {
            control = null;
        }
    }

    /** This agent in its network; empty while it is in none. */
    Optional<NetworkIdentity> identity() {
        return keeper.identity();
    }

    StoredLabels labels() {
        return labels;
    }

    /**
     * Joins the network of a token.
     *
     * @param url a controller's
     * @param name what the agent is to be called; a name of its own when empty
     * @param next labels; empty to leave them as they are
     * @throws FactoryException {@code CONFLICT} when this agent is in a network already; else as {@link JoinClient#join}
     */
    synchronized NetworkIdentity join(
            URI url, JoinToken token, Optional<String> name, Optional<Map<String, String>> next)
            throws InterruptedException {
        next.ifPresent(StoredLabels::check);
        keeper.identity().ifPresent(identity -> requireOutside(identity, token));
        Gatekeeper present = gatekeeper;
        if (present != null && present.isFounder()) {
            throw new FactoryException(
                    ErrorCode.CONFLICT,
                    "This controller has founded a network of its own, so it cannot join another one. Start a controller"
                            + " on another home instead.");
        }
        JoinKind kind = present == null ? JoinKind.NODE : JoinKind.CONTROLLER;
        Credential credential = new JoinClient(clock, JOIN)
                .join(url, token, kind, name.orElseGet(() -> AgentNames.of(home)), keeper.request());
        keeper.accept(credential);
        next.ifPresent(labels::set);
        NetworkIdentity identity = keeper.identity()
                .orElseThrow(() -> new IllegalStateException("the certificate was accepted, and is not there"));
        LOG.info("This agent is {} in the network {} from now on", identity.self(), token.network());
        return identity;
    }

    /** One whose certificate has ended may come back with a new token. */
    private void requireOutside(NetworkIdentity identity, JoinToken token) {
        Instant end = identity.chain().get(0).getNotAfter().toInstant();
        if (clock.instant().isBefore(end) || !network(identity).equals(token.network())) {
            throw new FactoryException(
                    ErrorCode.CONFLICT,
                    "This agent is a member of a network already, as " + identity.self()
                            + ". It can leave it with: ./factory agent leave");
        }
    }

    /** SHA-256 of the root authority's public key. */
    static String network(NetworkIdentity identity) {
        return CertificateProfile.fingerprint(identity.trust().root().getPublicKey());
    }

    /**
     * Leaves the network.
     *
     * @return whether a controller has heard of it; if not, the agent is to be revoked there
     * @throws FactoryException {@code CONFLICT} when this agent is in no network, or has founded it
     */
    synchronized boolean leave() throws InterruptedException {
        NetworkIdentity identity = keeper.identity()
                .orElseThrow(() -> new FactoryException(ErrorCode.CONFLICT, "This agent is a member of no network."));
        if (identity.controllers().contains(identity.self())) {
            throw new FactoryException(
                    ErrorCode.CONFLICT,
                    "This controller has founded the network, so it cannot leave it. Let the agents leave, and stop it.");
        }
        boolean told = tell(identity);
        keeper.forget();
        LOG.info("This agent was {} and has left its network", identity.self());
        return told;
    }

    private boolean tell(NetworkIdentity identity) throws InterruptedException {
        ControlPlane plane = control;
        if (plane == null) {
            return false;
        }
        for (AgentAddress controller : identity.controllers()) {
            try {
                return plane.call(controller, Departure.ACTION, new Departure(), Departure.Noted.class, FAREWELL)
                        .get()
                        .left();
            } catch (ExecutionException e) {
                LOG.info("The controller {} does not hear that this agent leaves: {}", controller, e.toString());
            }
        }
        return false;
    }
}
