package org.llmfactory.enrollment.news;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.llmfactory.agent.join.NetworkState;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.enrollment.store.CertificateTable;
import org.llmfactory.enrollment.store.ControllerTable;
import org.llmfactory.enrollment.store.NetworkStore;
import org.llmfactory.messaging.identity.IdentityKeeper;
import org.llmfactory.messaging.identity.NetworkIdentity;

/** The region of this controller as its agents are to see it: which controllers and brokers it has, who is revoked. */
public final class Region {
    /** How long after its last word a controller is no longer told of. */
    static final Duration SILENCE = Duration.ofMinutes(10);

    private final NetworkStore store;
    private final IdentityKeeper keeper;
    private final Clock clock;

    public Region(NetworkStore store, IdentityKeeper keeper, Clock clock) {
        this.store = store;
        this.keeper = keeper;
        this.clock = clock;
    }

    /** What the agents of this region are told. */
    public NetworkState state() {
        List<ControllerTable.Row> controllers = live();
        return new NetworkState(
                controllers.stream().map(ControllerTable.Row::broker).toList(),
                Stream.concat(controllers.stream().map(row -> platform(row.name())), parents().stream())
                        .distinct()
                        .map(AgentAddress::toString)
                        .toList(),
                List.copyOf(revoked()));
    }

    /** The controllers of the network that this one has joined, to which its agents report too; none for a founder's. */
    private Set<AgentAddress> parents() {
        return keeper.identity()
                .filter(identity -> !identity.controllers().contains(identity.self()))
                .map(NetworkIdentity::controllers)
                .orElse(Set.of());
    }

    /** Everything that is revoked, here or elsewhere. */
    Set<String> revoked() {
        Instant now = clock.instant();
        Set<String> all = store.read(handle -> {
            CertificateTable certificates = new CertificateTable(handle);
            Set<String> serials = new TreeSet<>(certificates.revoked(now));
            serials.addAll(certificates.revokedElsewhere());
            return serials;
        });
        keeper.identity().ifPresent(identity -> all.addAll(identity.trust().revoked()));
        return all;
    }

    /** What this region's own authority has issued and revoked. */
    Set<String> ownRevocations() {
        return store.read(handle -> new CertificateTable(handle).revoked(clock.instant()));
    }

    /** The controllers of this region, among them this one, whether its broker is there or not. */
    public Set<AgentAddress> controllersWith(AgentAddress self) {
        Set<AgentAddress> controllers =
                live().stream().map(row -> platform(row.name())).collect(Collectors.toCollection(TreeSet::new));
        controllers.add(self);
        return controllers;
    }

    /** The brokers that a founder's own dials: of two controllers that share a database, the later by name dials. */
    public List<URI> brokersToDial(AgentAddress self) {
        return live().stream()
                .filter(row -> row.name().compareTo(self.name()) < 0)
                .map(row -> URI.create(row.broker()))
                .toList();
    }

    /** Says that this controller is there, with its broker. */
    public void hear(AgentAddress self, URI broker) {
        try {
            note(self, broker);
        } catch (UnableToExecuteStatementException e) {
            if (!NetworkStore.isDuplicate(e)) {
                throw e;
            }
            // Another thread was the first to say so.
            note(self, broker);
        }
    }

    private void note(AgentAddress self, URI broker) {
        store.inTransaction(handle -> {
            new ControllerTable(handle).heard(self.name(), broker.toString(), clock.instant());
            return self;
        });
    }

    private List<ControllerTable.Row> live() {
        return store.read(
                handle -> new ControllerTable(handle).heardSince(clock.instant().minus(SILENCE)));
    }

    private static AgentAddress platform(String name) {
        return new AgentAddress(AgentAddress.PLATFORM, name);
    }
}
