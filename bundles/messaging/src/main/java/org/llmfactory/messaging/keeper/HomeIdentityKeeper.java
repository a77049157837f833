package org.llmfactory.messaging.keeper;

import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.agent.Home;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.messaging.home.NetworkFolder;
import org.llmfactory.messaging.identity.CertificateNames;
import org.llmfactory.messaging.identity.CertificateProfile;
import org.llmfactory.messaging.identity.Credential;
import org.llmfactory.messaging.identity.IdentityKeeper;
import org.llmfactory.messaging.identity.NetworkIdentity;
import org.llmfactory.messaging.identity.SigningRequest;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the identity in {@code network/} of the home. A key that waits for its certificate is in memory only: whoever is
 * restarted before it came asks anew.
 */
@Component(service = IdentityKeeper.class, immediate = true)
@Capability(
        namespace = "osgi.service",
        attribute = "objectClass:List<String>=\"org.llmfactory.messaging.identity.NetworkIdentity,"
                + "org.llmfactory.api.network.Membership\"",
        effective = "active",
        uses = NetworkIdentity.class)
public final class HomeIdentityKeeper implements IdentityKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(HomeIdentityKeeper.class);

    private final NetworkFolder folder;
    private final IdentityStore store;
    private final Clock clock;
    private final Publication publication;
    private volatile @Nullable HomeIdentity identity;
    private @Nullable KeyPair waiting;

    @Activate
    public HomeIdentityKeeper(@Reference Home home, BundleContext context) {
        this(new NetworkFolder(home.root()), Clock.systemUTC(), new ServicePublication(context));
    }

    public HomeIdentityKeeper(NetworkFolder folder, Clock clock, Publication publication) {
        this.folder = folder;
        this.store = new IdentityStore(folder);
        this.clock = clock;
        this.publication = publication;
        HomeIdentity stored = load();
        identity = stored;
        if (stored != null) {
            publication.publish(stored);
        }
    }

    private @Nullable HomeIdentity load() {
        try {
            Optional<IdentityStore.Stored> stored = store.load();
            if (stored.isEmpty()) {
                return null;
            }
            Holding holding = stored.get().holding();
            AgentAddress self = CertificateNames.agent(holding.chain().get(0))
                    .orElseThrow(() -> new CertificateException("The certificate names no agent"));
            LOG.info(
                    "This agent is {}, until {}",
                    self,
                    holding.chain().get(0).getNotAfter().toInstant());
            return new HomeIdentity(self, new CertificateTrust(stored.get().root(), folder, clock), holding);
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            LOG.error(
                    "What the home's folder network says of this agent's identity cannot be read, so it belongs to no"
                            + " network; restore the folder, or delete it and join again",
                    e);
            return null;
        }
    }

    @Deactivate
    public void stop() {
        publication.withdraw();
    }

    @Override
    public Optional<NetworkIdentity> identity() {
        return Optional.ofNullable(identity);
    }

    @Override
    public synchronized byte[] request() {
        KeyPair keys = CertificateProfile.newKeyPair();
        waiting = keys;
        return SigningRequest.create(keys);
    }

    @Override
    public void accept(Credential credential) {
        HomeIdentity first = take(credential);
        if (first != null) {
            publication.publish(first);
        }
    }

    /** Gives the identity when it is the first. */
    private synchronized @Nullable HomeIdentity take(Credential credential) {
        HomeIdentity current = identity;
        Holding holding = holding(credential);
        CertificateTrust trust = new CertificateTrust(credential.root(), folder, clock);
        AgentAddress self = verified(credential, trust);
        if (current == null) {
            store.store(credential.root(), holding);
            waiting = null;
            HomeIdentity first = new HomeIdentity(self, trust, holding);
            identity = first;
            LOG.info("This agent is {} from now on, until {}", self, first.expires());
            return first;
        }
        if (!current.trust().root().equals(credential.root())) {
            throw new FactoryException(
                    ErrorCode.CONFLICT, "This agent belongs to another network. Leave that one first.");
        }
        if (!current.self().equals(self)) {
            throw new FactoryException(
                    ErrorCode.CONFLICT,
                    "This agent is " + current.self() + " in its network and cannot become " + self + ".");
        }
        store.store(credential.root(), holding);
        waiting = null;
        current.hold(holding);
        LOG.info("The certificate of {} is renewed until {}", self, current.expires());
        return null;
    }

    private Holding holding(Credential credential) {
        KeyPair keys = waiting;
        if (keys == null) {
            throw invalid("No certificate was asked for.", null);
        }
        if (credential.chain().isEmpty() || !sameKey(credential.chain().get(0).getPublicKey(), keys.getPublic())) {
            throw invalid("The certificate is not for the key that was asked for last.", null);
        }
        return Holding.of(credential, keys.getPrivate());
    }

    private static AgentAddress verified(Credential credential, CertificateTrust trust) {
        try {
            return trust.verify(credential.chain());
        } catch (CertificateException e) {
            throw invalid("The authority's certificates do not hold: " + e.getMessage() + ".", e);
        }
    }

    @Override
    public synchronized void update(List<URI> brokers, Set<AgentAddress> controllers) {
        HomeIdentity current = identity;
        if (current == null) {
            throw new FactoryException(ErrorCode.CONFLICT, "This agent belongs to no network.");
        }
        Holding moved = current.holding().at(brokers, controllers);
        if (!moved.equals(current.holding())) {
            store.store(current.trust().root(), moved);
            current.hold(moved);
        }
    }

    @Override
    public void forget() {
        publication.withdraw();
        erase();
    }

    private synchronized void erase() {
        store.clear();
        identity = null;
        waiting = null;
    }

    private static boolean sameKey(PublicKey one, PublicKey other) {
        return java.util.Arrays.equals(one.getEncoded(), other.getEncoded());
    }

    private static FactoryException invalid(String message, @Nullable Exception cause) {
        return new FactoryException(ErrorCode.INVALID_VALUE, message, cause);
    }
}
