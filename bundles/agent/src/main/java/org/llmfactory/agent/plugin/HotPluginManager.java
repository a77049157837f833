package org.llmfactory.agent.plugin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llmfactory.agent.traffic.Traffic;
import org.llmfactory.agent.traffic.TrafficMonitor;
import org.llmfactory.api.agent.Home;
import org.llmfactory.api.agent.PluginInfo;
import org.llmfactory.api.agent.PluginManager;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes plugins without dropping a request. A new version is installed and resolved beside the old one, so that the
 * time in which neither answers is only that of a stop and a start, and so that going back needs nothing but a start.
 */
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

    private final BundleContext context;
    private final BundleReadiness readiness;
    private final InstalledPlugins plugins;
    private final PluginStore store;
    private final Traffic traffic;
    private final Duration drainDeadline;
    private final Duration startDeadline;

    @Activate
    public HotPluginManager(
            BundleContext context,
            Config config,
            @Reference Home home,
            @Reference BundleReadiness readiness,
            @Reference TrafficMonitor monitor) {
        this.context = context;
        this.readiness = readiness;
        this.plugins = new InstalledPlugins(context);
        this.store = new PluginStore(home.root().resolve("plugins"));
        this.traffic = monitor.traffic();
        this.drainDeadline = Duration.ofSeconds(config.drainSeconds());
        this.startDeadline = Duration.ofSeconds(config.startSeconds());
    }

    @Override
    public List<PluginInfo> list() {
        return plugins.list();
    }

    @Override
    public synchronized PluginInfo deploy(Path jar) {
        PluginArchive archive = PluginArchive.read(jar);
        Bundle previous = plugins.current(archive.symbolicName()).orElse(null);
        if (previous != null && !plugins.isPlugin(previous)) {
            throw new FactoryException(
                    ErrorCode.CONFLICT,
                    archive.symbolicName() + " is part of the runtime and cannot be changed while it runs. Stop the"
                            + " agent, build it anew and start it.");
        }
        if (previous != null && isUpToDate(previous, archive)) {
            return plugins.info(previous);
        }
        try {
            Path staged = store.stage(archive);
            try {
                Bundle next = change(previous, archive, staged);
                store.commit(staged, archive.symbolicName());
                LOG.info("Deployed plugin {} {} ({})", archive.symbolicName(), archive.version(), archive.digest());
                return plugins.info(next);
            } finally {
                store.discard(staged);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void undeploy(String symbolicName) {
        Bundle bundle = plugins.current(symbolicName)
                .filter(plugins::isPlugin)
                .orElseThrow(() -> new FactoryException(
                        ErrorCode.NOT_FOUND, "There is no plugin '" + symbolicName + "' on this agent."));
        if (!BundleDigests.isDeployed(bundle)) {
            throw new FactoryException(
                    ErrorCode.CONFLICT,
                    "The plugin " + symbolicName + " came with this agent's feature and was not deployed to it. Start"
                            + " the agent with a feature that does not have it.");
        }
        Optional<Bundle> shipped = plugins.shipped(symbolicName);
        Draining draining = drain(bundle);
        try {
            stop(bundle);
            if (shipped.isPresent()) {
                start(shipped.get());
            }
            uninstall(bundle);
            store.remove(symbolicName);
        } catch (BundleException e) {
            throw refused(symbolicName, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            draining.close();
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
        archives.sort(Comparator.comparing(PluginArchive::components));
        for (PluginArchive archive : archives) {
            try {
                Bundle shipped = plugins.current(archive.symbolicName()).orElse(null);
                change(shipped, archive, archive.jar());
                LOG.info("Restored plugin {} {}", archive.symbolicName(), archive.version());
            } catch (FactoryException e) {
                notRestored(archive.jar(), e);
            }
        }
    }

    private static void notRestored(Path jar, FactoryException reason) {
        LOG.error("The plugin in {} was not started: {}", jar, reason.getMessage());
    }

    private boolean isUpToDate(Bundle bundle, PluginArchive archive) {
        return bundle.getState() == Bundle.ACTIVE
                && plugins.info(bundle).digest().equals(archive.digest());
    }

    /** Puts a new version in the place of the previous one, or leaves everything as it was. */
    private Bundle change(@Nullable Bundle previous, PluginArchive archive, Path jar) throws IOException {
        Bundle next = null;
        try {
            next = install(archive, jar);
            resolve(next);
            if (previous == null) {
                start(next);
            } else {
                exchange(previous, next);
            }
            return next;
        } catch (BundleException e) {
            uninstall(next);
            throw refused(archive.symbolicName(), e);
        } catch (FactoryException e) {
            uninstall(next);
            throw e;
        }
    }

    private void exchange(Bundle previous, Bundle next) throws BundleException {
        Draining draining = drain(previous);
        try {
            stop(previous);
            start(next);
        } catch (BundleException | FactoryException e) {
            stop(next);
            start(previous);
            throw e;
        } finally {
            draining.close();
        }
        if (BundleDigests.isDeployed(previous)) {
            uninstall(previous);
        }
    }

    private Draining drain(Bundle bundle) {
        return Draining.of(bundle, context, traffic, plugins, drainDeadline);
    }

    /** On the start level of this bundle, which has been reached: the framework's own for new bundles may not be yet. */
    private Bundle install(PluginArchive archive, Path jar) throws BundleException, IOException {
        try (InputStream content = Files.newInputStream(jar)) {
            Bundle bundle = context.installBundle(BundleDigests.location(archive), content);
            int reached = context.getBundle().adapt(BundleStartLevel.class).getStartLevel();
            bundle.adapt(BundleStartLevel.class).setStartLevel(reached);
            return bundle;
        }
    }

    private void resolve(Bundle bundle) throws BundleException {
        if (!wiring().resolveBundles(List.of(bundle))) {
            // Only starting it makes the framework say what is missing.
            bundle.start(Bundle.START_TRANSIENT);
        }
    }

    private void start(Bundle bundle) throws BundleException {
        bundle.start(Bundle.START_TRANSIENT);
        List<String> missing = readiness.await(bundle, startDeadline);
        if (!missing.isEmpty()) {
            throw new FactoryException(
                    ErrorCode.CONFLICT,
                    "The plugin " + bundle.getSymbolicName() + " " + bundle.getVersion() + " does not work here: "
                            + String.join("; ", missing) + ".");
        }
    }

    private static void stop(Bundle bundle) throws BundleException {
        bundle.stop(Bundle.STOP_TRANSIENT);
    }

    private void uninstall(@Nullable Bundle bundle) {
        if (bundle == null || bundle.getState() == Bundle.UNINSTALLED) {
            return;
        }
        try {
            bundle.uninstall();
            wiring().refreshBundles(List.of(bundle));
        } catch (BundleException e) {
            LOG.warn("The bundle {} could not be removed; it is gone after a restart", bundle, e);
        }
    }

    private FrameworkWiring wiring() {
        return context.getBundle(0).adapt(FrameworkWiring.class);
    }

    private static FactoryException refused(String symbolicName, BundleException e) {
        return new FactoryException(
                ErrorCode.CONFLICT, "The plugin " + symbolicName + " does not start: " + e.getMessage(), e);
    }
}
