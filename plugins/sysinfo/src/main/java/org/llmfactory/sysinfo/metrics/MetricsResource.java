package org.llmfactory.sysinfo.metrics;

import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.SecurityContext;
import org.llmfactory.rest.Callers;

/** All meters in Prometheus' text format; for administrators. */
@Path("/")
public final class MetricsResource {
    private static final String TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8";

    private final AgentMeterRegistry registry;

    MetricsResource(AgentMeterRegistry registry) {
        this.registry = registry;
    }

    @GET
    @Produces(TEXT_FORMAT)
    public String scrape(@Context SecurityContext security) {
        Callers.requireAdministrator(security);
        return registry.scrape();
    }
}
