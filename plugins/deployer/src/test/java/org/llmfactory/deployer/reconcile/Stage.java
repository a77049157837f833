package org.llmfactory.deployer.reconcile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import org.llmfactory.api.agent.testing.FolderHome;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.testing.InMemoryLedger;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Leadership;
import org.llmfactory.api.network.testing.InMemoryControlPlane;
import org.llmfactory.api.network.testing.InMemoryFleet;
import org.llmfactory.api.storage.testing.InMemoryObjectStore;
import org.llmfactory.database.Database;
import org.llmfactory.deployer.plan.World;
import org.llmfactory.deployer.repository.PluginFiles;
import org.llmfactory.deployer.repository.PluginRepository;
import org.llmfactory.deployer.state.DeploymentStore;
import org.llmfactory.deployer.state.Instance;
import org.llmfactory.deployer.state.Pin;
import org.llmfactory.deployer.state.Revision;
import org.llmfactory.deployer.testing.Agents;
import org.llmfactory.deployer.testing.NamedSignatures;
import org.llmfactory.deployer.testing.ScriptedNode;
import org.llmfactory.deployer.testing.SettableClock;
import org.llmfactory.deployer.testing.Term;
import org.llmfactory.rest.Json;

/** Controllers, one after the other, over one database and some scripted agents; time passes when the test says so. */
final class Stage implements AutoCloseable {
    static final String NAME = "hello";
    private static final int DEADLINE_SECONDS = 10;
    private static final AgentAddress CONTROLLER = new AgentAddress(AgentAddress.PLATFORM, "main");

    final SettableClock clock = new SettableClock();
    final InMemoryLedger ledger = new InMemoryLedger();
    final InMemoryFleet fleet = new InMemoryFleet();
    final InMemoryControlPlane control = new InMemoryControlPlane();
    final List<ScriptedNode> nodes = new ArrayList<>();
    final DeploymentStore store;
    private final Path folder;
    private final PluginRepository repository;
    private final NamedSignatures signatures = new NamedSignatures();
    private Term term = new Term(1);
    private Controller controller;

    Stage(Database database, Path folder, int nodes) {
        this.folder = folder;
        Jdbi jdbi = database.open("deployer", Stage.class);
        this.store = new DeploymentStore(jdbi, database.changes(), ledger, clock);
        this.repository = new PluginRepository(
                jdbi, new InMemoryObjectStore(), new FolderHome(folder), signatures, ledger, clock);
        for (int i = 1; i <= nodes; i++) {
            addNode(i);
        }
        this.controller = new Controller(term);
    }

    void addNode(int number) {
        nodes.add(new ScriptedNode(Agents.node(number), control, fleet));
    }

    ScriptedNode node(int number) {
        return nodes.get(number - 1);
    }

    /** A controller's reconciler, and the answers that have come for it. */
    final class Controller {
        final Reconciler reconciler;
        private final BlockingQueue<Runnable> answers = new LinkedBlockingQueue<>();

        Controller(Leadership leadership) {
            Presences presences = new Presences(fleet, clock, Duration.ofSeconds(10), Duration.ofSeconds(60));
            this.reconciler = new Reconciler(
                    store,
                    new Worlds(store, presences),
                    presences,
                    new Authority(store, leadership),
                    new Orders(() -> Optional.of(control.of(CONTROLLER)), signatures, new PluginFiles(repository)),
                    answers::add,
                    () -> {},
                    clock,
                    new Reconciler.Patience(Duration.ofSeconds(30), Duration.ofSeconds(300), Duration.ofHours(24)));
        }

        /** Looks, once. */
        void look() {
            reconciler.look();
        }

        /** Looks until there is nothing left to do; answers are waited for. */
        void settle() {
            reconciler.look();
            while (reconciler.isWaiting()) {
                try {
                    Runnable answer = answers.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
                    if (answer == null) {
                        throw new AssertionError("no answer came");
                    }
                    answer.run();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new AssertionError(e);
                }
                reconciler.look();
            }
        }

        World world() {
            return new Worlds(store, new Presences(fleet, clock, Duration.ofSeconds(10), Duration.ofSeconds(60))).now();
        }
    }

    Controller controller() {
        return controller;
    }

    /** The process ends without a word, and another one begins. */
    Controller restart() {
        term.end();
        term = new Term(term.epoch() + 1);
        controller = new Controller(term);
        return controller;
    }

    void settle() {
        controller.settle();
    }

    void pass(Duration time) {
        clock.advance(time);
    }

    /** Publishes a version of the hello plugin; its digest. */
    String publish(String version) {
        return publish(Agents.HELLO, version);
    }

    String publish(String plugin, String version) {
        try {
            Path jar = Files.writeString(Files.createTempFile(folder, "p", ".jar"), plugin + " " + version + " Acme");
            return repository.publish(jar, Actor.system()).digest();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Applies a description of the hello plugin alone. */
    int apply(String version, String digest, String count) {
        ObjectNode document = Json.MAPPER.createObjectNode().put("name", NAME);
        ObjectNode plugin = document.putArray("plugins").addObject().put("plugin", Agents.HELLO);
        if (count.equals("everywhere")) {
            plugin.put("count", count);
        } else {
            plugin.put("count", Integer.parseInt(count));
        }
        document.putObject("strategy").put("canary", 1).put("health_seconds", 3).put("max_unavailable", 2);
        return store.apply(NAME, document.toString(), List.of(new Pin(Agents.HELLO, version, digest)), Actor.system());
    }

    Revision revision() {
        List<Revision> revisions = store.revisions(NAME);
        return revisions.get(revisions.size() - 1);
    }

    /** Which nodes run a jar, in words. */
    List<String> running(String digest) {
        List<String> running = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            if (nodes.get(i).plugins().containsValue(digest)) {
                running.add("node-" + (i + 1));
            }
        }
        return running;
    }

    List<Instance> instances() {
        return store.everything().instances();
    }

    @Override
    public void close() {
        nodes.forEach(ScriptedNode::letGo);
        control.close();
    }
}
