package org.llmfactory.enrollment.authority;

import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.enrollment.store.AuthorityTable;
import org.llmfactory.enrollment.store.NetworkStore;
import org.llmfactory.messaging.identity.CertificateProfile;
import org.llmfactory.messaging.identity.IssuingAuthority;
import org.llmfactory.messaging.identity.NetworkIdentity;

/**
 * The authority that this controller issues with: the root of a network that began here, or that of its region in a network
 * it has joined. Controllers that share a database share it, and however many make it at once, there is one. Safe for use by
 * several threads.
 */
public final class Authorities {
    private static final double OWNER_RENEWS = 2.0 / 3;
    /** Whose name the authority bears may be gone for good: then another controller of the database has one of its own. */
    private static final double ANYONE_RENEWS = 5.0 / 6;

    private final NetworkStore store;
    private final Ledger ledger;
    private final Parent parent;
    private final Clock clock;

    public Authorities(NetworkStore store, Ledger ledger, Parent parent, Clock clock) {
        this.store = store;
        this.ledger = ledger;
        this.parent = parent;
        this.clock = clock;
    }

    /** The authority; empty while there is none. */
    public Optional<IssuingAuthority> find() {
        return store.read(handle -> new AuthorityTable(store, handle).find());
    }

    /**
     * The root authority, made with its network when there is none.
     *
     * @param controller the name of this controller
     */
    public IssuingAuthority root(String controller, Actor actor) {
        return find().orElseGet(() -> keep(IssuingAuthority.newRoot(controller, clock.instant()), actor));
    }

    /**
     * The authority of this controller's region, certified by the parent when there is none.
     *
     * @throws FactoryException what the parent says; {@code CONFLICT} when the database holds another network's authority
     */
    public IssuingAuthority region(NetworkIdentity identity, Actor actor) throws InterruptedException {
        Optional<IssuingAuthority> known = find();
        IssuingAuthority authority = known.isPresent() ? known.get() : keep(certified(identity), actor);
        requireSame(authority, identity);
        return authority;
    }

    /**
     * Renews the authority of a region, when it is time.
     *
     * @return whether it was renewed
     */
    public boolean renew(NetworkIdentity identity) throws InterruptedException {
        Optional<IssuingAuthority> known = find().filter(authority -> !authority.isRoot());
        if (known.isEmpty() || !isDue(known.get(), identity)) {
            return false;
        }
        requireSame(known.get(), identity);
        IssuingAuthority renewed = certified(identity);
        return store.inTransaction(
                handle -> new AuthorityTable(store, handle).replace(known.get(), renewed, clock.instant()));
    }

    private boolean isDue(IssuingAuthority authority, NetworkIdentity identity) {
        boolean owner = authority.region().equals(identity.self().name());
        Instant begin = authority.certificate().getNotBefore().toInstant();
        Instant end = authority.certificate().getNotAfter().toInstant();
        double share = owner ? OWNER_RENEWS : ANYONE_RENEWS;
        long passed = Duration.between(begin, clock.instant()).toMillis();
        return passed >= share * Duration.between(begin, end).toMillis();
    }

    private IssuingAuthority certified(NetworkIdentity identity) throws InterruptedException {
        KeyPair keys = CertificateProfile.newKeyPair();
        return new IssuingAuthority(identity.trust().root(), parent.certify(identity, keys), keys.getPrivate());
    }

    /** Another controller of the same database may be faster; then its authority holds. */
    private IssuingAuthority keep(IssuingAuthority made, Actor actor) {
        try {
            return store.inTransaction(handle -> {
                new AuthorityTable(store, handle).insert(made, clock.instant());
                ledger.record(AuditEvent.of("network.created", actor, Optional.empty(), network(made))
                        .with(Map.of("region", made.region(), "root", made.isRoot())));
                return made;
            });
        } catch (UnableToExecuteStatementException e) {
            if (NetworkStore.isDuplicate(e)) {
                return find().orElseThrow(() -> e);
            }
            throw e;
        }
    }

    private static void requireSame(IssuingAuthority authority, NetworkIdentity identity) {
        if (!authority.root().equals(identity.trust().root())) {
            throw new FactoryException(
                    ErrorCode.CONFLICT,
                    "The authority in this controller's database is of another network than the one that it has joined."
                            + " Let the controller leave it with: ./factory agent leave");
        }
    }

    /** SHA-256 of the root authority's public key, 64 lower-case hex digits. */
    public static String network(IssuingAuthority authority) {
        return CertificateProfile.fingerprint(authority.root().getPublicKey());
    }
}
