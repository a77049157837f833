package org.llmfactory.deployer.reconcile;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.agent.Home;
import org.llmfactory.api.agent.PluginSignatures;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.ControlPlane;
import org.llmfactory.api.network.FileShare;
import org.llmfactory.api.network.Fleet;
import org.llmfactory.api.network.Leadership;
import org.llmfactory.api.storage.ObjectStore;
import org.llmfactory.database.ChangeFeed;
import org.llmfactory.database.Database;
import org.llmfactory.deployer.repository.PluginFiles;
import org.llmfactory.deployer.repository.PluginRepository;
import org.llmfactory.deployer.state.DeploymentStore;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;

/** The deployer of a controller: everything that its parts share, for as long as it runs. */
@Component(
        service = {Deployer.class, FileShare.class, Fleet.Listener.class},
        immediate = true,
        configurationPid = Config.PID)
@Designate(ocd = Config.class)
public final class Deployer implements FileShare, Fleet.Listener, AutoCloseable {
    private final PluginRepository repository;
    private final PluginFiles files;
    private final DeploymentStore store;
    private final Worlds worlds;
    private final Looks looks = new Looks();
    private final FleetNews news = new FleetNews();
    private final ChangeFeed.Subscription subscription;

    private volatile @Nullable ControlPlane control;

    @Activate
    public Deployer(
            @Reference Database database,
            @Reference ObjectStore objects,
            @Reference Home home,
            @Reference PluginSignatures signatures,
            @Reference Ledger ledger,
            @Reference Fleet fleet,
            @Reference Leadership leadership,
            Config config) {
        this(database, objects, home, signatures, ledger, fleet, leadership, config, Clock.systemUTC());
    }

    public Deployer(
            Database database,
            ObjectStore objects,
            Home home,
            PluginSignatures signatures,
            Ledger ledger,
            Fleet fleet,
            Leadership leadership,
            Config config,
            Clock clock) {
        Jdbi jdbi = database.open("deployer", Deployer.class);
        this.repository = new PluginRepository(jdbi, objects, home, signatures, ledger, clock);
        this.files = new PluginFiles(repository);
        this.store = new DeploymentStore(jdbi, database.changes(), ledger, clock);
        Presences presences = new Presences(
                fleet,
                clock,
                Duration.ofSeconds(config.graceSeconds()),
                Duration.ofSeconds(config.startGraceSeconds()));
        this.worlds = new Worlds(store, presences);
        Reconciler reconciler = new Reconciler(
                store,
                worlds,
                presences,
                new Authority(store, leadership),
                new Orders(() -> Optional.ofNullable(control), signatures, files),
                looks,
                looks::announce,
                clock,
                new Reconciler.Patience(
                        Duration.ofSeconds(config.driftSeconds()),
                        Duration.ofSeconds(config.retrySeconds()),
                        Duration.ofHours(config.forgetHours())));
        this.subscription = database.changes().subscribe(DeploymentStore.TOPIC, name -> looks.announce());
        looks.start(reconciler::look, Duration.ofSeconds(config.lookSeconds()));
    }

    /** The control plane is there while this controller belongs to a network. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            unbind = "disconnect")
    public void connect(ControlPlane plane) {
        control = plane;
        looks.announce();
    }

    /** It has gone, unless another one has come already. */
    public void disconnect(ControlPlane plane) {
        if (plane.equals(control)) {
            control = null;
        }
    }

    public PluginRepository repository() {
        return repository;
    }

    public DeploymentStore store() {
        return store;
    }

    public Worlds worlds() {
        return worlds;
    }

    @Override
    public void onChange(Fleet.Member member) {
        if (news.isNews(member)) {
            looks.announce();
        }
    }

    @Override
    public String name() {
        return files.name();
    }

    @Override
    public Callers callers() {
        return files.callers();
    }

    @Override
    public Optional<Path> find(AgentAddress caller, String digest) {
        return files.find(caller, digest);
    }

    @Override
    @Deactivate
    public void close() {
        subscription.close();
        looks.close();
    }
}
