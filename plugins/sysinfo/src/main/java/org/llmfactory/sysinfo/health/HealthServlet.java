package org.llmfactory.sysinfo.health;

import java.io.IOException;
import java.util.List;
import javax.servlet.Servlet;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.apache.felix.hc.api.execution.HealthCheckExecutionOptions;
import org.apache.felix.hc.api.execution.HealthCheckExecutor;
import org.apache.felix.hc.api.execution.HealthCheckSelector;
import org.llmfactory.rest.Json;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletPattern;
import org.osgi.service.metatype.annotations.Designate;

/**
 * {@code /health}, which answers everyone: 200 when every check tagged {@value #LIVE} is well, 503 when one is not, or not
 * there yet. A plain servlet, since JAX-RS answers with an empty 200 while an application is being made.
 */
@Component(
        service = Servlet.class,
        configurationPid = "org.llmfactory.sysinfo.health",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = Config.class)
@HttpWhiteboardServletPattern("/health")
public final class HealthServlet extends HttpServlet {
    /** The tag of the checks that say whether the agent answers requests. No model has to be there for them. */
    static final String LIVE = "live";

    private static final long serialVersionUID = 1L;

    private final transient HealthCheckExecutor executor;
    private final transient List<String> expected;

    @Activate
    public HealthServlet(@Reference HealthCheckExecutor executor, Config config) {
        this.executor = executor;
        this.expected = List.of(config.checks());
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("Cache-Control", "no-store");
        switch (request.getMethod()) {
            case "GET", "HEAD" -> report(response);
            default -> {
                response.setHeader("Allow", "GET, HEAD");
                response.setStatus(HttpServletResponse.SC_METHOD_NOT_ALLOWED);
            }
        }
    }

    private void report(HttpServletResponse response) throws IOException {
        HealthReport report = HealthReport.of(executor.execute(HealthCheckSelector.tags(LIVE), options()), expected);
        byte[] body = Json.write(report);
        response.setStatus(report.isOk() ? HttpServletResponse.SC_OK : HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        response.setContentType("application/json");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    /** What is true now, not two seconds ago. */
    private static HealthCheckExecutionOptions options() {
        return new HealthCheckExecutionOptions().setForceInstantExecution(true);
    }
}
