package org.llmfactory.sysinfo.health;

import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import org.apache.felix.hc.api.execution.HealthCheckExecutionOptions;
import org.apache.felix.hc.api.execution.HealthCheckExecutor;
import org.apache.felix.hc.api.execution.HealthCheckSelector;
import org.llmfactory.rest.Json;

/** Says whether this agent lives: 200 when every check tagged {@value #LIVE} is well, 503 when one is not. */
@Path("/")
public final class HealthResource {
    /** The tag of the checks that say whether the agent must be restarted. No model has to be there for them. */
    static final String LIVE = "live";

    private final HealthCheckExecutor executor;

    HealthResource(HealthCheckExecutor executor) {
        this.executor = executor;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Response health() {
        HealthReport report = HealthReport.of(executor.execute(HealthCheckSelector.tags(LIVE), options()));
        Response.Status status = report.isOk() ? Response.Status.OK : Response.Status.SERVICE_UNAVAILABLE;
        return Response.status(status)
                .entity(Json.write(report))
                .header("Cache-Control", "no-store")
                .build();
    }

    /** What is true now, not two seconds ago. */
    private static HealthCheckExecutionOptions options() {
        return new HealthCheckExecutionOptions().setForceInstantExecution(true);
    }
}
