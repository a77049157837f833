package org.llmfactory.agent.plugin;

import java.time.Duration;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops every bundle in order when the process is told to end, as {@code ./factory down} does, so that files are closed and
 * connections are ended; the launcher would leave that out.
 */
@Component(service = AgentStop.class, immediate = true)
public final class AgentStop {
    private static final Logger LOG = LoggerFactory.getLogger(AgentStop.class);
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final Framework framework;
    private final Thread hook = new Thread(this::stop, "llmfactory-stop");

    @Activate
    public AgentStop(BundleContext context) {
        Bundle system = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
        this.framework = system.adapt(Framework.class);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    @Deactivate
    void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            LOG.debug("The process is ending already");
        }
    }

    private void stop() {
        try {
            framework.stop();
            framework.waitForStop(DEADLINE.toMillis());
        } catch (BundleException e) {
            LOG.warn("The bundles cannot be stopped in order; the process ends anyway", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
