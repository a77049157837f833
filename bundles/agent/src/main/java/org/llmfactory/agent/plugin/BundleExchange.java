package org.llmfactory.agent.plugin;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.llmfactory.agent.traffic.Traffic;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts one version of a plugin in the place of another. The new one is installed and resolved beside the old one, so that
 * the time in which neither answers is only that of a stop and a start, and so that going back needs nothing but a start.
 */
final class BundleExchange {
    private static final Logger LOG = LoggerFactory.getLogger(BundleExchange.class);

    /**
     * How long things may take.
     *
     * @param drain until work in flight has ended
     * @param start until a started plugin's components are satisfied
     */
    record Deadlines(Duration drain, Duration start) {}

    private final BundleContext context;
    private final BundleReadiness readiness;
    private final InstalledPlugins plugins;
    private final Traffic traffic;
    private final Deadlines deadlines;

    BundleExchange(
            BundleContext context,
            BundleReadiness readiness,
            InstalledPlugins plugins,
            Traffic traffic,
            Deadlines deadlines) {
        this.context = context;
        this.readiness = readiness;
        this.plugins = plugins;
        this.traffic = traffic;
        this.deadlines = deadlines;
    }

    /** Puts a new version in the place of the one that runs, or leaves everything as it was. */
    Bundle change(@Nullable Bundle current, PluginArchive archive, Path jar, Trial trial) throws IOException {
        Bundle next = null;
        // The very same jar, which does not run, is no version to go back to.
        @Nullable
        Bundle previous =
                current != null && current.getLocation().equals(BundleDigests.location(archive)) ? null : current;
        try {
            next = install(archive, jar);
            resolve(next);
            exchange(previous, next, trial);
            prove(previous, next, trial);
        } catch (BundleException e) {
            uninstall(next);
            throw refused(archive.symbolicName(), e);
        } catch (FactoryException e) {
            uninstall(next);
            throw e;
        }
        if (previous != null && BundleDigests.isDeployed(previous)) {
            uninstall(previous);
        }
        return next;
    }

    /** Takes a plugin away, and lets the one that came with the feature in its place. */
    void remove(Bundle bundle, @Nullable Bundle shipped, Runnable between) {
        Draining draining = drain(bundle);
        try {
            stop(bundle);
            between.run();
            if (shipped != null) {
                start(shipped);
            }
            uninstall(bundle);
        } catch (BundleException e) {
            throw refused(bundle.getSymbolicName(), e);
        } finally {
            draining.close();
        }
    }

    /** Tries something with a plugin that stays where it is. */
    void adjust(Bundle bundle, Trial trial) throws IOException {
        trial.prepare();
        List<String> faults = watch(bundle, trial);
        if (!faults.isEmpty()) {
            trial.revert();
            throw failed(bundle, faults);
        }
    }

    private void exchange(@Nullable Bundle previous, Bundle next, Trial trial) throws BundleException, IOException {
        @Nullable Draining draining = previous == null ? null : drain(previous);
        try {
            if (previous != null) {
                stop(previous);
            }
            trial.prepare();
            start(next);
        } catch (BundleException | FactoryException | IOException e) {
            putBack(previous, next, trial);
            throw e;
        } finally {
            if (draining != null) {
                draining.close();
            }
        }
    }

    /** Requests are answered by the new version meanwhile. */
    private void prove(@Nullable Bundle previous, Bundle next, Trial trial) throws BundleException {
        List<String> faults = watch(next, trial);
        if (faults.isEmpty()) {
            return;
        }
        FactoryException failure = failed(next, faults);
        @Nullable Draining draining = null;
        try {
            draining = drain(next);
        } catch (FactoryException e) {
            LOG.warn("The failing plugin {} is stopped although it is at work", next.getSymbolicName());
        }
        try {
            putBack(previous, next, trial);
        } finally {
            if (draining != null) {
                draining.close();
            }
        }
        throw failure;
    }

    private static List<String> watch(Bundle bundle, Trial trial) {
        try {
            return trial.watch(bundle);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of("it was not watched to the end");
        }
    }

    private void putBack(@Nullable Bundle previous, Bundle next, Trial trial) throws BundleException {
        stop(next);
        trial.revert();
        if (previous != null) {
            start(previous);
        }
    }

    private Draining drain(Bundle bundle) {
        return Draining.of(bundle, context, traffic, plugins, deadlines.drain());
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
        List<String> missing = readiness.await(bundle, deadlines.start());
        if (!missing.isEmpty()) {
            throw failed(bundle, missing);
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

    private static FactoryException failed(Bundle bundle, List<String> faults) {
        return new FactoryException(
                ErrorCode.CONFLICT,
                "The plugin " + bundle.getSymbolicName() + " " + bundle.getVersion() + " does not work here: "
                        + String.join("; ", faults) + ".");
    }

    private static FactoryException refused(String symbolicName, BundleException e) {
        return new FactoryException(
                ErrorCode.CONFLICT, "The plugin " + symbolicName + " does not start: " + e.getMessage(), e);
    }
}
