package org.llmfactory.enrollment.news;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.llmfactory.enrollment.authority.Founding;
import org.llmfactory.enrollment.authority.Parent;
import org.llmfactory.enrollment.store.CertificateTable;
import org.llmfactory.enrollment.store.ControllerTable;
import org.llmfactory.enrollment.store.NetworkStore;
import org.llmfactory.enrollment.store.TokenTable;
import org.llmfactory.messaging.identity.IdentityKeeper;
import org.llmfactory.messaging.identity.NetworkIdentity;
import org.llmfactory.messaging.identity.Trust;
import org.llmfactory.messaging.link.LocalBroker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What this controller does again and again: says that it is there, keeps certificates fresh, passes revocations on. */
public final class Presence {
    private static final Logger LOG = LoggerFactory.getLogger(Presence.class);
    private static final Duration TOKENS_KEPT = Duration.ofDays(30);
    /** No certificate that a region's authority issues lasts longer. */
    private static final Duration FOREIGN_KEPT = Duration.ofDays(31);

    private final NetworkStore store;
    private final IdentityKeeper keeper;
    private final Region region;
    private final Broadcast broadcast;
    private final Founding founding;
    private final Parent parent;
    private final BrokerWatch broker;
    private final Clock clock;
    private final Executor thread;
    private Set<String> reported = Set.of();
    private @Nullable Trust watched;
    private @Nullable AutoCloseable watch;

    /**
     * Prepares it.
     *
     * @param thread runs what is done in the background, one thing at a time
     */
    public Presence(
            NetworkStore store,
            IdentityKeeper keeper,
            Region region,
            Broadcast broadcast,
            Founding founding,
            Parent parent,
            BrokerWatch broker,
            Executor thread,
            Clock clock) {
        this.store = store;
        this.keeper = keeper;
        this.region = region;
        this.broadcast = broadcast;
        this.founding = founding;
        this.parent = parent;
        this.broker = broker;
        this.thread = thread;
        this.clock = clock;
    }

    /** All of it, once; on the plugin's thread. */
    public void round() {
        try {
            founding.maintain();
            Optional<NetworkIdentity> identity = keeper.identity();
            Optional<LocalBroker> present = broker.get();
            if (identity.isPresent() && present.isPresent()) {
                region.hear(identity.get().self(), present.get().advertised());
            }
            tidy();
            refresh();
            if (identity.isPresent()) {
                report(identity.get());
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.warn("The network's affairs could not be seen to; they are again in a minute: {}", e.getMessage(), e);
        }
    }

    /** Takes over what has changed, and tells the agents. */
    public void refresh() {
        try {
            keeper.identity().ifPresent(identity -> watch(identity.trust()));
            broadcast.apply();
            broadcast.tellAgents();
        } catch (RuntimeException e) {
            LOG.warn("A change of the network was not taken over; it is again in a minute: {}", e.getMessage(), e);
        }
    }

    /** What comes from above is passed on. */
    private void watch(Trust trust) {
        if (trust != watched) {
            stop();
            watch = trust.onRevocation(() -> thread.execute(broadcast::tellAgents));
            watched = trust;
        }
    }

    /** What this region has revoked is told above, until it was heard. */
    private void report(NetworkIdentity identity) throws InterruptedException {
        Set<String> own = region.ownRevocations();
        if (!identity.controllers().contains(identity.self()) && !reported.containsAll(own)) {
            parent.tell(identity, own);
            reported = own;
        }
    }

    private void tidy() {
        Instant now = clock.instant();
        store.inTransaction(handle -> {
            new CertificateTable(handle).deleteEnded(now, now.minus(FOREIGN_KEPT));
            new TokenTable(store, handle).deleteEnded(now.minus(TOKENS_KEPT));
            new ControllerTable(handle).deleteSilent(now.minus(Region.SILENCE));
            return now;
        });
    }

    /** Hears of nothing any more. */
    public void stop() {
        AutoCloseable ended = watch;
        watch = null;
        watched = null;
        if (ended != null) {
            try {
                ended.close();
            } catch (Exception e) {
                LOG.debug("A listener was not removed", e);
            }
        }
    }
}
