package org.llmfactory.bench.agents;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.llmfactory.agent.join.JoinKind;
import org.llmfactory.agent.join.JoinToken;
import org.llmfactory.agent.network.JoinClient;
import org.llmfactory.api.network.AgentReport;
import org.llmfactory.dataplane.stream.StreamEngine;
import org.llmfactory.dataplane.stream.StreamLimits;
import org.llmfactory.dataplane.stream.StreamMeters;
import org.llmfactory.messaging.call.ActionTable;
import org.llmfactory.messaging.call.SealedControlPlane;
import org.llmfactory.messaging.home.NetworkFolder;
import org.llmfactory.messaging.jms.JmsLink;
import org.llmfactory.messaging.keeper.HomeIdentity;
import org.llmfactory.messaging.keeper.HomeIdentityKeeper;
import org.llmfactory.messaging.keeper.Publication;
import org.llmfactory.sysinfo.report.Reporter;

/**
 * A member of a network with what a node's bundles make of one: a key and certificate of its own, connections to the broker, a
 * control plane, a data plane and a reporter. Only what it says of itself is made up.
 */
final class SimulatedAgent implements AutoCloseable {
    private static final Duration JOIN = Duration.ofSeconds(30);
    private static final Duration RESEND = Duration.ofSeconds(5);
    private static final int ACTION_THREADS = 16;

    private final NetworkFolder folder;
    private final HomeIdentity identity;
    private @Nullable Running running;

    private SimulatedAgent(NetworkFolder folder, HomeIdentity identity) {
        this.folder = folder;
        this.identity = identity;
    }

    /** Joins a network as an agent's own join does. */
    static SimulatedAgent join(URI controller, String token, String name, Path home) throws InterruptedException {
        NetworkFolder folder = new NetworkFolder(home);
        HomeIdentityKeeper keeper = new HomeIdentityKeeper(folder, Clock.systemUTC(), Publication.NONE);
        keeper.accept(new JoinClient(Clock.systemUTC(), JOIN)
                .join(controller, JoinToken.parse(token), JoinKind.NODE, name, keeper.request()));
        return new SimulatedAgent(folder, identity(keeper));
    }

    private static HomeIdentity identity(HomeIdentityKeeper keeper) {
        return keeper.identity()
                .map(HomeIdentity.class::cast)
                .orElseThrow(() -> new IllegalStateException("the certificate was accepted, and is not there"));
    }

    /** Connects and reports from now on; without effect when it does already. */
    synchronized void start(Function<String, AgentReport> description) {
        if (running == null) {
            running = new Running(folder, identity, description);
        }
    }

    /** Says goodbye and lets its connections go; it stays a member. */
    @Override
    public synchronized void close() {
        Running former = running;
        running = null;
        if (former != null) {
            former.close();
        }
    }

    /** From its connections to its reports. */
    private static final class Running implements AutoCloseable {
        private final JmsLink link;
        private final SealedControlPlane controlPlane;
        private final StreamEngine streams;
        private final Reporter reporter;

        Running(NetworkFolder folder, HomeIdentity identity, Function<String, AgentReport> description) {
            link = new JmsLink(identity);
            link.start();
            ActionTable actions = new ActionTable();
            controlPlane =
                    new SealedControlPlane(folder, identity, link, actions, Clock.systemUTC(), ACTION_THREADS, RESEND);
            streams = new StreamEngine(
                    identity.self(),
                    link,
                    controlPlane,
                    name -> Optional.empty(),
                    StreamLimits.DEFAULT,
                    new StreamMeters());
            streams.actions().forEach(actions::add);
            reporter = new Reporter(identity, streams.dataPlane(), description);
        }

        @Override
        public void close() {
            reporter.close();
            streams.close();
            controlPlane.close();
            link.close();
        }
    }
}
