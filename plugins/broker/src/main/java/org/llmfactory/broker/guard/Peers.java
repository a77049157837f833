package org.llmfactory.broker.guard;

import java.security.cert.CertificateException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.activemq.broker.TransportConnection;
import org.llmfactory.messaging.identity.Trust;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everyone who is connected now. Drops whoever is not to be believed any more, and whom he himself has replaced. */
final class Peers {
    private static final Logger LOG = LoggerFactory.getLogger(Peers.class);

    /** One that works, one that takes over from it, one half-open that nobody has noticed yet. */
    private static final int CONNECTIONS_PER_LANE = 3;

    private final Trust trust;
    private final Set<Peer> connected = ConcurrentHashMap.newKeySet();

    Peers(Trust trust) {
        this.trust = trust;
    }

    /** Adds one; an agent with too many connections on a lane loses the oldest. */
    void add(Peer peer) {
        connected.add(peer);
        List<Peer> same = sameLane(peer);
        if (same.size() > CONNECTIONS_PER_LANE) {
            drop(same.get(0), "it has too many connections");
        }
    }

    /** Oldest first; only itself for a bridge. */
    private List<Peer> sameLane(Peer peer) {
        return connected.stream()
                .filter(other -> peer.own().isPresent() ? other.own().equals(peer.own()) : other == peer)
                .sorted(Comparator.comparing(other -> other.connection().getConnectedTimestamp()))
                .toList();
    }

    void remove(Peer peer) {
        connected.remove(peer);
    }

    /** Drops the connections that an agent had on this lane before this one. */
    void succeed(Peer peer) {
        if (connected.contains(peer)) {
            for (Peer other : sameLane(peer)) {
                if (other == peer) {
                    return;
                }
                drop(other, "the agent has a newer connection");
            }
        }
    }

    /** Drops whoever is not believed any more. */
    void verify() {
        for (Peer peer : connected) {
            try {
                trust.verify(peer.chain());
            } catch (CertificateException e) {
                drop(peer, String.valueOf(e.getMessage()));
            }
        }
    }

    /** Drops those whose certificates have ended. */
    void expire() {
        Instant now = Instant.now();
        for (Peer peer : connected) {
            if (peer.chain().stream()
                    .anyMatch(
                            certificate -> certificate.getNotAfter().toInstant().isBefore(now))) {
                drop(peer, "its certificate has ended");
            }
        }
    }

    private void drop(Peer peer, String reason) {
        connected.remove(peer);
        LOG.info("A connection of {} is dropped: {}", peer.address(), reason);
        if (peer.connection() instanceof TransportConnection connection) {
            connection.stopAsync();
        }
    }
}
