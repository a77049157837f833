package org.llmfactory.agent.plugin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.llmfactory.agent.traffic.TrafficMonitor;
import org.llmfactory.api.agent.Home;
import org.llmfactory.api.agent.PluginInfo;
import org.llmfactory.api.agent.PluginManager;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Changes plugins without dropping a request, and only into ones that a trusted signer signed. */
@Component(service = {PluginManager.class, HotPluginManager.class})
@Designate(ocd = HotPluginManager.Config.class)
public final class HotPluginManager implements PluginManager {
    private static final Logger LOG = LoggerFactory.getLogger(HotPluginManager.class);

    /** How long changes may take. */
    @ObjectClassDefinition(name = "Plugin manager")
    public @interface Config {
        /** How long to wait for work in flight before a change is given up. */
        @AttributeDefinition(name = "Drain (seconds)")
        int drainSeconds() default 60;

        /** How long a started plugin may take until its components are satisfied. */
        @AttributeDefinition(name = "Start (seconds)")
        int startSeconds() default 15;
    }

    private final InstalledPlugins plugins;
    private final BundleExchange exchange;
    private final PluginStore store;
    private final SignedPlugins signatures;
    private final PluginConfigurations configurations;

    @Activate
    public HotPluginManager(
            BundleContext context,
            Config config,
            @Reference Home home,
            @Reference BundleReadiness readiness,
            @Reference TrafficMonitor monitor,
            @Reference SignedPlugins signatures,
            @Reference PluginConfigurations configurations) {
        this.plugins = new InstalledPlugins(context);
        this.exchange = new BundleExchange(
                context,
                readiness,
                plugins,
                monitor.traffic(),
                new BundleExchange.Deadlines(
                        Duration.ofSeconds(config.drainSeconds()), Duration.ofSeconds(config.startSeconds())));
        this.store = new PluginStore(home.root().resolve("plugins"));
        this.signatures = signatures;
        this.configurations = configurations;
    }

    @Override
    public List<PluginInfo> list() {
        return plugins.list();
    }

    @Override
    public PluginInfo deploy(Path jar) {
        return deploy(jar, archive -> {}, List.of(), Trial.NONE);
    }

    /**
     * As {@link PluginManager#deploy}, with what goes with it.
     *
     * @param symbolicName of the plugin that is expected in the jar
     * @param signers certificates in PEM that are trusted for this jar, beside those that are trusted anyway
     * @param trial how the new version proves itself before it stays
     */
    public PluginInfo deploy(Path jar, String symbolicName, Collection<String> signers, Trial trial) {
        return deploy(jar, archive -> checkName(archive, symbolicName), signers, trial);
    }

    /** Whether exactly this jar runs, deployed or part of the feature. */
    public boolean isRunning(String symbolicName, String digest) {
        return plugins.current(symbolicName)
                .filter(plugins::isPlugin)
                .filter(bundle -> isUpToDate(bundle, digest))
                .isPresent();
    }

    /**
     * Tries something with a plugin that runs and stays what it is.
     *
     * @throws FactoryException {@code NOT_FOUND} when there is none of that name, {@code CONFLICT} when it is not well
     *     afterwards; then everything is as it was before
     */
    public synchronized void adjust(String symbolicName, Trial trial) throws IOException {
        Bundle bundle = plugins.current(symbolicName).orElseThrow(() -> missing(symbolicName));
        exchange.adjust(bundle, trial);
        trial.keep();
    }

    private static void checkName(PluginArchive archive, String symbolicName) {
        if (!archive.symbolicName().equals(symbolicName)) {
            throw new FactoryException(
                    ErrorCode.INVALID_FILE,
                    "The jar holds the plugin " + archive.symbolicName() + ", not " + symbolicName + ".");
        }
    }

    private synchronized PluginInfo deploy(
            Path jar, Consumer<PluginArchive> expectation, Collection<String> signers, Trial trial) {
        try {
            // From here on nobody changes it.
            Path staged = store.stage(jar);
            try {
                PluginArchive archive = PluginArchive.read(staged);
                expectation.accept(archive);
                signatures.verify(archive, signers);
                return deploy(archive, trial);
            } finally {
                store.discard(staged);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private PluginInfo deploy(PluginArchive archive, Trial trial) throws IOException {
        Bundle previous = plugins.current(archive.symbolicName()).orElse(null);
        if (previous != null && !plugins.isPlugin(previous)) {
            throw new FactoryException(
                    ErrorCode.CONFLICT,
                    archive.symbolicName() + " is part of the runtime and cannot be changed while it runs. Stop the"
                            + " agent, build it anew and start it.");
        }
        if (previous != null && isUpToDate(previous, archive.digest())) {
            exchange.adjust(previous, trial);
            trial.keep();
            return plugins.info(previous);
        }
        Bundle next = exchange.change(previous, archive, archive.jar(), trial);
        store.commit(archive);
        trial.keep();
        LOG.info("Deployed plugin {} {} ({})", archive.symbolicName(), archive.version(), archive.digest());
        return plugins.info(next);
    }

    @Override
    public synchronized void undeploy(String symbolicName) {
        Bundle bundle =
                plugins.current(symbolicName).filter(plugins::isPlugin).orElseThrow(() -> missing(symbolicName));
        if (!BundleDigests.isDeployed(bundle)) {
            throw new FactoryException(
                    ErrorCode.CONFLICT,
                    "The plugin " + symbolicName + " came with this agent's feature and was not deployed to it. Start"
                            + " the agent with a feature that does not have it.");
        }
        try {
            Trial configuration = configuration(symbolicName, configurations.stored(symbolicName));
            exchange.remove(bundle, plugins.shipped(symbolicName).orElse(null), configuration::revert);
            store.remove(symbolicName);
            configurations.store(symbolicName, Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        LOG.info("Removed plugin {}", symbolicName);
    }

    /**
     * Starts again what was deployed before the agent was last stopped; one that fails does not keep the others. Bundles
     * that wait for nobody come first: a database driver is there before those who need the database.
     */
    synchronized void restore() throws IOException {
        List<PluginArchive> archives = new ArrayList<>();
        for (Path jar : store.jars()) {
            try {
                archives.add(PluginArchive.read(jar));
            } catch (FactoryException e) {
                notRestored(jar, e);
            }
        }
        configurations.restoreAllBut(
                archives.stream().map(PluginArchive::symbolicName).collect(Collectors.toSet()));
        archives.sort(Comparator.comparing(PluginArchive::components));
        for (PluginArchive archive : archives) {
            try {
                restore(archive);
                LOG.info("Restored plugin {} {}", archive.symbolicName(), archive.version());
            } catch (FactoryException e) {
                notRestored(archive.jar(), e);
            }
        }
    }

    /** What was accepted once is known by its digest; what an operator has put there is looked at as any other jar. */
    private void restore(PluginArchive archive) throws IOException {
        if (!store.isAccepted(archive)) {
            signatures.verify(archive, List.of());
            store.accept(archive);
        }
        String name = archive.symbolicName();
        Optional<Bundle> shipped = plugins.current(name);
        exchange.change(shipped.orElse(null), archive, archive.jar(), configuration(name, configurations.stored(name)));
    }

    private Trial configuration(String symbolicName, Map<String, Map<String, List<String>>> stored) {
        return new Configured(configurations, symbolicName, Map.of(), stored, bundle -> List.of());
    }

    private static FactoryException missing(String symbolicName) {
        return new FactoryException(ErrorCode.NOT_FOUND, "There is no plugin '" + symbolicName + "' on this agent.");
    }

    private static void notRestored(Path jar, FactoryException reason) {
        LOG.error("The plugin in {} was not started: {}", jar, reason.getMessage());
    }

    private boolean isUpToDate(Bundle bundle, String digest) {
        return bundle.getState() == Bundle.ACTIVE
                && plugins.info(bundle).digest().equals(digest);
    }
}
