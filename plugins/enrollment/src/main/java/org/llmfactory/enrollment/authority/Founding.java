package org.llmfactory.enrollment.authority;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.enrollment.news.Region;
import org.llmfactory.enrollment.store.AgentTable;
import org.llmfactory.enrollment.store.CertificateTable;
import org.llmfactory.enrollment.store.NetworkStore;
import org.llmfactory.messaging.identity.Credential;
import org.llmfactory.messaging.identity.IdentityKeeper;
import org.llmfactory.messaging.identity.IssuingAuthority;
import org.llmfactory.messaging.identity.NetworkIdentity;
import org.llmfactory.messaging.identity.SigningRequest;

/**
 * This controller as the founder of a network, or of a region in one that it has joined: has the authority made when it is
 * needed first, and gives a founder its own certificate, in time again and again. Safe for use by several threads.
 */
public final class Founding {
    private static final double DUE = 2.0 / 3;

    private final NetworkStore store;
    private final Authorities authorities;
    private final IdentityKeeper keeper;
    private final Region region;
    private final String name;
    private final Clock clock;

    /**
     * Prepares it.
     *
     * @param name what this controller is to be called
     */
    public Founding(
            NetworkStore store,
            Authorities authorities,
            IdentityKeeper keeper,
            Region region,
            String name,
            Clock clock) {
        this.store = store;
        this.authorities = authorities;
        this.keeper = keeper;
        this.region = region;
        this.name = name;
        this.clock = clock;
    }

    /** Whether the network's root authority is in this controller's database. */
    public boolean isFounder() {
        return authorities.find().filter(IssuingAuthority::isRoot).isPresent();
    }

    /**
     * The authority that agents are let in with, made when there is none. Afterwards this controller is a member of its
     * network.
     *
     * @throws FactoryException {@code CONFLICT} when the controller and its database are of different networks; what the
     *     parent says
     */
    public synchronized IssuingAuthority found(Actor actor) throws InterruptedException {
        Optional<NetworkIdentity> identity = keeper.identity();
        if (identity.isPresent() && !isFoundersOwn(identity.get())) {
            return authorities.region(identity.get(), actor);
        }
        IssuingAuthority authority = authorities.root(name, actor);
        certify(authority);
        return authority;
    }

    /** Does what time asks for: this controller's own certificate, where it issues it, or its region's authority. */
    public synchronized void maintain() throws InterruptedException {
        Optional<NetworkIdentity> identity = keeper.identity();
        if (identity.isPresent() && !isFoundersOwn(identity.get())) {
            authorities.renew(identity.get());
            return;
        }
        Optional<IssuingAuthority> root = authorities.find().filter(IssuingAuthority::isRoot);
        if (root.isPresent()) {
            certify(root.get());
        }
    }

    private static boolean isFoundersOwn(NetworkIdentity identity) {
        return identity.controllers().contains(identity.self());
    }

    private void certify(IssuingAuthority authority) {
        if (!authority.isRoot()) {
            throw new FactoryException(
                    ErrorCode.CONFLICT,
                    "The authority in this controller's database is that of a region, whose controllers are let in by"
                            + " the network's founder. Start this one with --join and a token of the founder's.");
        }
        Optional<NetworkIdentity> identity = keeper.identity();
        if (identity.isPresent() && !identity.get().trust().root().equals(authority.root())) {
            throw new FactoryException(
                    ErrorCode.CONFLICT,
                    "This controller belongs to another network than its database. Use the database that it was"
                            + " started with first, or a new home.");
        }
        if (identity.isPresent() && !isDue(identity.get().chain().get(0))) {
            return;
        }
        AgentAddress self =
                identity.map(NetworkIdentity::self).orElseGet(() -> new AgentAddress(AgentAddress.PLATFORM, name));
        Instant now = clock.instant();
        List<X509Certificate> chain = authority.certifyAgent(SigningRequest.verify(keeper.request()), self, now);
        note(self, chain.get(0), now);
        Set<AgentAddress> controllers = region.controllersWith(self);
        List<URI> brokers = region.brokersToDial(self);
        keeper.accept(new Credential(chain, authority.root(), brokers, controllers));
    }

    private void note(AgentAddress self, X509Certificate certificate, Instant now) {
        store.inTransaction(handle -> {
            AgentTable agents = new AgentTable(handle);
            if (agents.find(self).isEmpty()) {
                agents.insert(self, now);
            }
            agents.renewed(self.name(), now);
            new CertificateTable(handle).insert(certificate, self.name(), now);
            return self;
        });
    }

    private boolean isDue(X509Certificate certificate) {
        Instant begin = certificate.getNotBefore().toInstant();
        long life =
                Duration.between(begin, certificate.getNotAfter().toInstant()).toMillis();
        return Duration.between(begin, clock.instant()).toMillis() >= life * DUE;
    }
}
