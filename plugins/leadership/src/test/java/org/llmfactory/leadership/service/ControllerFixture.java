package org.llmfactory.leadership.service;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.llmfactory.api.ledger.testing.InMemoryLedger;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.testing.InMemoryControlPlane;
import org.llmfactory.database.testing.TemporaryDatabase;
import org.llmfactory.leadership.election.Timing;
import org.llmfactory.leadership.store.BallotFile;
import org.llmfactory.leadership.store.ControllerRegister;

/** Controllers of one network with one database, in one process, four times as quick as real ones. */
public final class ControllerFixture implements AutoCloseable {
    static final Timing QUICK = new Timing(
            Duration.ofMillis(600),
            Duration.ofMillis(150),
            Duration.ofMillis(1_000),
            Duration.ofMillis(500),
            Duration.ofMillis(400),
            Duration.ofMillis(1_500));

    final InMemoryControlPlane network = new InMemoryControlPlane();
    final LeadershipAudit audit = new LeadershipAudit();
    final ControllerRegister register;
    private final TemporaryDatabase database = new TemporaryDatabase();
    private final InMemoryLedger ledger = new InMemoryLedger();
    private final Path homes;
    private final Map<String, Candidacy> running = new HashMap<>();

    public ControllerFixture(Path homes) {
        this.homes = homes;
        this.register = new ControllerRegister(database.open("leadership", Candidacy.class));
        audit.ledger = ledger;
    }

    static AgentAddress address(String name) {
        return new AgentAddress(AgentAddress.PLATFORM, name);
    }

    /** Enters controllers before they run. */
    void register(String... names) {
        for (String name : names) {
            register.add(address(name), Instant.now(), register.read().version());
        }
    }

    /** Starts a controller, anew where it has run. */
    public Candidacy start(String name) throws IOException {
        Candidacy earlier = running.get(name);
        if (earlier != null) {
            earlier.close();
        }
        AgentAddress self = address(name);
        Candidacy candidacy = new Candidacy(
                self,
                network.of(self),
                register,
                new BallotFile(homes.resolve(name).resolve("network/leadership.json")),
                audit,
                QUICK);
        network.offer(self, new VoteAction(candidacy));
        network.offer(self, new RenewAction(candidacy));
        running.put(name, candidacy);
        return candidacy;
    }

    public LeadershipAudit audit() {
        return audit;
    }

    public InMemoryLedger ledger() {
        return ledger;
    }

    /** A leadership as OSGi would have put it together. */
    public static ElectedLeadership leadership(Candidacy candidacy) {
        ElectedLeadership leadership = new ElectedLeadership();
        leadership.bindCandidacy(candidacy);
        return leadership;
    }

    /** Who leads at this moment. */
    List<Candidacy> leading() {
        return running.values().stream().filter(Candidacy::isLeader).toList();
    }

    @Override
    public void close() {
        running.values().forEach(Candidacy::close);
        network.close();
        database.close();
    }
}
