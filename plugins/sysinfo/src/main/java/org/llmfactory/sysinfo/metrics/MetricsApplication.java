package org.llmfactory.sysinfo.metrics;

import javax.ws.rs.core.Application;
import org.llmfactory.rest.FactoryApplication;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** {@code /metrics}. */
@Component(service = Application.class)
@JaxrsApplicationBase("/metrics")
@JaxrsName("metrics")
public final class MetricsApplication extends FactoryApplication {
    @Activate
    public MetricsApplication(@Reference AgentMeterRegistry registry) {
        super(new MetricsResource(registry));
    }
}
