package org.llmfactory.auth.key;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.llmfactory.api.identity.ApiKey;
import org.llmfactory.auth.store.Network;

/**
 * A key as it is kept in memory.
 *
 * @param secretEnds when the secret that led here stops working, because it was rotated
 * @param networks the scope's addresses, read once
 */
public record KeyRecord(ApiKey key, Optional<Instant> secretEnds, List<Network> networks) {
    public KeyRecord {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(secretEnds, "secretEnds");
        networks = List.copyOf(networks);
    }

    static KeyRecord of(ApiKey key, Optional<Instant> secretEnds) {
        return new KeyRecord(
                key,
                secretEnds,
                key.scope().addresses().stream()
                        .map(network -> Network.parse(network)
                                .orElseThrow(() -> new IllegalStateException("stored key with network " + network)))
                        .toList());
    }

    /** Whether it works at a time. */
    public boolean worksAt(Instant now) {
        return key.expires().map(now::isBefore).orElse(true)
                && secretEnds.map(now::isBefore).orElse(true);
    }

    /** Whether it works from an address. */
    public boolean worksFrom(String address) {
        return networks.isEmpty() || networks.stream().anyMatch(network -> network.contains(address));
    }
}
