package org.llmfactory.agent.plugin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * Ends the start: once every bundle of the feature has been started, the deployed plugins come back. The agent is not
 * healthy before. Bundles of a later start level than this one are not waited for: an engine loads its libraries while the
 * agent answers.
 */
@Component(
        service = HealthCheck.class,
        immediate = true,
        property = {HealthCheck.NAME + "=Start", HealthCheck.TAGS + "=live"})
public final class AgentStart implements HealthCheck {
    private static final Duration STEP = Duration.ofMillis(20);

    private final BundleContext context;
    private final HotPluginManager plugins;
    private volatile boolean complete;
    private @Nullable Thread finishing;

    @Activate
    public AgentStart(BundleContext context, @Reference HotPluginManager plugins) {
        this.context = context;
        this.plugins = plugins;
    }

    /** The launcher's service appears when it has installed everything; the framework may still be starting it. */
    @Reference(
            target = "(launcher.ready=true)",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC)
    synchronized void bindLauncher(Object launcher) {
        Thread thread = new Thread(this::finish, "llmfactory-start");
        thread.setDaemon(true);
        thread.start();
        finishing = thread;
    }

    /** The launcher goes when the agent stops. */
    void unbindLauncher(Object launcher) {
        giveUp();
    }

    @Deactivate
    synchronized void giveUp() {
        complete = false;
        if (finishing != null) {
            finishing.interrupt();
            finishing = null;
        }
    }

    @Override
    public Result execute() {
        return complete
                ? new Result(Result.Status.OK, "Every bundle has been started")
                : new Result(Result.Status.TEMPORARILY_UNAVAILABLE, "The agent is still starting " + missing());
    }

    private void finish() {
        // Ends with the start, or with the agent.
        while (!missing().isEmpty() && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(STEP.toNanos());
        }
        if (Thread.currentThread().isInterrupted()) {
            return;
        }
        try {
            plugins.restore();
            complete = true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> missing() {
        int level = context.getBundle().adapt(BundleStartLevel.class).getStartLevel();
        return Arrays.stream(context.getBundles())
                .filter(bundle -> isMissing(bundle, level))
                .map(Bundle::getSymbolicName)
                .sorted()
                .toList();
    }

    private static boolean isMissing(Bundle bundle, int level) {
        BundleStartLevel start = bundle.adapt(BundleStartLevel.class);
        // An uninstalled bundle has none.
        return start != null
                && start.getStartLevel() <= level
                && start.isPersistentlyStarted()
                && bundle.getState() != Bundle.ACTIVE
                // Waits for its first class to be asked for.
                && !(bundle.getState() == Bundle.STARTING && start.isActivationPolicyUsed());
    }
}
