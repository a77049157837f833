package org.llmfactory.enrollment;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.llmfactory.agent.join.JoinKind;
import org.llmfactory.agent.join.JoinRequest;
import org.llmfactory.api.agent.testing.FolderHome;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.testing.InMemoryLedger;
import org.llmfactory.api.network.AgentAction;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.testing.InMemoryControlPlane;
import org.llmfactory.api.project.testing.InMemoryProjects;
import org.llmfactory.database.Database;
import org.llmfactory.database.testing.TemporaryDatabase;
import org.llmfactory.enrollment.action.CertifyAction;
import org.llmfactory.enrollment.action.CurrentAction;
import org.llmfactory.enrollment.action.LeaveAction;
import org.llmfactory.enrollment.action.RenewAction;
import org.llmfactory.enrollment.action.RevocationAction;
import org.llmfactory.enrollment.join.Admission;
import org.llmfactory.enrollment.join.Issuing;
import org.llmfactory.enrollment.join.JoinServlet;
import org.llmfactory.enrollment.join.Members;
import org.llmfactory.enrollment.join.Tokens;
import org.llmfactory.enrollment.store.NetworkStore;
import org.llmfactory.messaging.home.NetworkFolder;
import org.llmfactory.messaging.identity.IdentityKeeper;
import org.llmfactory.messaging.identity.NetworkIdentity;
import org.llmfactory.messaging.keeper.HomeIdentityKeeper;
import org.llmfactory.messaging.keeper.Publication;
import org.llmfactory.messaging.link.LocalBroker;

/** A controller: the plugin with a real identity, its REST half on a port, a broker by name only, actions in memory. */
public final class TestController implements AutoCloseable {
    private static final TemporaryDatabase SHARED = new TemporaryDatabase();
    private static final List<String> TABLES = List.of(
            "network_authority",
            "network_tokens",
            "network_agents",
            "network_certificates",
            "network_foreign_revocations",
            "network_controllers");

    public final InMemoryLedger ledger = new InMemoryLedger();
    public final InMemoryProjects projects = new InMemoryProjects();
    public final IdentityKeeper keeper;
    public final NetworkStore store;
    public final Enrollment enrollment;
    public final Tokens tokens;
    public final Members members;
    public final Issuing issuing;
    private final InMemoryControlPlane network;
    private final ServletServer server;
    private final NamedBroker broker;

    private record NamedBroker(URI address) implements LocalBroker {
        @Override
        public URI advertised() {
            return address;
        }
    }

    /** An empty database, which all tests of this JVM use one after the other. */
    public static Database emptyDatabase() {
        SHARED.open("enrollment", NetworkStore.class)
                .useHandle(handle -> TABLES.forEach(table -> handle.execute("DELETE FROM " + table)));
        return SHARED;
    }

    public TestController(String name, Path home, Database database, InMemoryControlPlane network, Clock clock)
            throws IOException {
        this.network = network;
        Files.createDirectories(home);
        this.keeper = new HomeIdentityKeeper(new NetworkFolder(home), clock, Publication.NONE);
        this.store = new NetworkStore(database, new FolderHome(home));
        this.enrollment = new Enrollment(store, keeper, ledger, name, clock);
        this.tokens = new Tokens(enrollment, projects, Duration.ofMillis(300));
        this.members = new Members(enrollment);
        this.issuing = new Issuing(enrollment);
        this.server = new ServletServer(JoinRequest.PATH, new JoinServlet(new Admission(enrollment, issuing)));
        this.broker = new NamedBroker(URI.create("ssl://" + name + ".example.org:61617"));
    }

    /** Its broker takes connections from now on. */
    public TestController withBroker() {
        enrollment.bindBroker(broker);
        return this;
    }

    /** Its actions are offered, and it can call others. */
    public TestController connected() {
        AgentAddress self = identity().self();
        List<AgentAction<?, ?>> actions = List.of(
                new RenewAction(issuing),
                new CertifyAction(issuing),
                new CurrentAction(issuing),
                new LeaveAction(members),
                new RevocationAction(members));
        actions.forEach(action -> network.offer(self, action));
        enrollment.bindControl(network.of(self));
        return this;
    }

    public NetworkIdentity identity() {
        return keeper.identity().orElseThrow();
    }

    public URI url() {
        return server.url();
    }

    /** Somebody between agents and this controller changes what they say. */
    public void intercept(UnaryOperator<byte[]> requests, UnaryOperator<byte[]> answers) {
        server.intercept(requests, answers);
    }

    /** A token for a node that works for everyone. */
    public Tokens.Made token() throws InterruptedException {
        return token(JoinKind.NODE, AgentAddress.SHARED, Optional.empty());
    }

    public Tokens.Made token(JoinKind kind, String tenant, Optional<String> name) throws InterruptedException {
        return tokens.create(new Tokens.Order(kind, tenant, name, Duration.ofHours(1)), Actor.system());
    }

    @Override
    public void close() {
        server.close();
        enrollment.stop();
    }
}
