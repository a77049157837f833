package org.llmfactory.agent.plugin;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * Ends the start: once the launcher has started every bundle of the feature, the deployed plugins come back. The agent
 * is not healthy before.
 */
@Component(
        service = HealthCheck.class,
        immediate = true,
        property = {HealthCheck.NAME + "=Start", HealthCheck.TAGS + "=live"})
public final class AgentStart implements HealthCheck {
    private final HotPluginManager plugins;
    private volatile boolean complete;

    @Activate
    public AgentStart(@Reference HotPluginManager plugins) {
        this.plugins = plugins;
    }

    /** The launcher's service appears when its work is done. */
    @Reference(
            target = "(launcher.ready=true)",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC)
    void bindLauncher(Object launcher) {
        try {
            plugins.restore();
            complete = true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The launcher goes when the agent stops. */
    void unbindLauncher(Object launcher) {
        complete = false;
    }

    @Override
    public Result execute() {
        return complete
                ? new Result(Result.Status.OK, "Every bundle has been started")
                : new Result(Result.Status.TEMPORARILY_UNAVAILABLE, "The agent is still starting");
    }
}
