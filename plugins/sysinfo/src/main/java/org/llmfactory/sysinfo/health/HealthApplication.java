package org.llmfactory.sysinfo.health;

import java.util.Set;
import javax.ws.rs.core.Application;
import org.apache.felix.hc.api.execution.HealthCheckExecutor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** {@code /health}: the only path that answers everyone. */
@Component(service = Application.class)
@JaxrsApplicationBase("/health")
@JaxrsName("health")
public final class HealthApplication extends Application {
    private final HealthResource resource;

    @Activate
    public HealthApplication(@Reference HealthCheckExecutor executor) {
        this.resource = new HealthResource(executor);
    }

    @Override
    public Set<Object> getSingletons() {
        return Set.of(resource);
    }
}
