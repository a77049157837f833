package org.llmfactory.sysinfo.metrics;

import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import org.llmfactory.access.Action;
import org.llmfactory.rest.Requires;

/** All meters in Prometheus' text format; for those who operate the platform. */
@Path("/")
public final class MetricsResource {
    private static final String TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8";

    private final AgentMeterRegistry registry;

    MetricsResource(AgentMeterRegistry registry) {
        this.registry = registry;
    }

    @GET
    @Requires(Action.OPERATE_PLATFORM)
    @Produces(TEXT_FORMAT)
    public String scrape() {
        return registry.scrape();
    }
}
