package org.llmfactory.agent.plugin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.llmfactory.agent.traffic.Traffic;
import org.llmfactory.agent.traffic.Traffic.Closure;
import org.llmfactory.api.agent.Drainable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/**
 * The time in which a plugin does nothing, so that it can be changed: new requests to it, and to all that needs it,
 * wait; those at work have been finished, and so has its background work. Closing it lets the requests go on.
 */
final class Draining implements AutoCloseable {
    private final Closure closure;
    private final List<Drainable> drained;

    private Draining(Closure closure, List<Drainable> drained) {
        this.closure = closure;
        this.drained = drained;
    }

    /**
     * Waits for the work of {@code bundle} to end.
     *
     * @throws FactoryException {@code OVERLOADED} when it did not end before the deadline; everything goes on as before
     */
    static Draining of(
            Bundle bundle, BundleContext context, Traffic traffic, InstalledPlugins plugins, Duration deadline) {
        long end = System.nanoTime() + deadline.toNanos();
        Draining draining = new Draining(traffic.close(affected(bundle, context, traffic, plugins)), new ArrayList<>());
        boolean idle = false;
        try {
            idle = draining.closure.awaitIdle(left(end)) && draining.drain(bundle, context, end);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (!idle) {
                draining.resume();
                draining.close();
            }
        }
        if (!idle) {
            throw new FactoryException(
                    ErrorCode.OVERLOADED,
                    "The plugin " + bundle.getSymbolicName() + " was still at work after " + deadline.toSeconds()
                            + " seconds, so it was left as it is. Try again later.");
        }
        return draining;
    }

    /** Where a part of the runtime depends on the plugin, every request does. */
    private static Set<String> affected(
            Bundle bundle, BundleContext context, Traffic traffic, InstalledPlugins plugins) {
        String agent = context.getBundle().getSymbolicName();
        Set<String> affected = new HashSet<>(plugins.dependents(bundle));
        boolean runtime = affected.stream()
                .anyMatch(
                        name -> plugins.current(name).filter(plugins::isPlugin).isEmpty());
        if (runtime) {
            affected.addAll(traffic.owners());
        }
        affected.remove(agent);
        return affected;
    }

    private boolean drain(Bundle bundle, BundleContext context, long end) throws InterruptedException {
        for (ServiceReference<?> reference : InstalledPlugins.nonNull(bundle.getRegisteredServices())) {
            if (List.of((String[]) reference.getProperty(Constants.OBJECTCLASS)).contains(Drainable.class.getName())
                    && context.getService(reference) instanceof Drainable drainable) {
                drained.add(drainable);
                if (!drainable.drain(left(end))) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Lets the plugin work again, when it was not changed after all. */
    void resume() {
        drained.forEach(Drainable::resume);
        drained.clear();
    }

    @Override
    public void close() {
        closure.close();
    }

    private static Duration left(long end) {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }
}
