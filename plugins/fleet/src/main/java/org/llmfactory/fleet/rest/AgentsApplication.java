package org.llmfactory.fleet.rest;

import javax.ws.rs.core.Application;
import org.llmfactory.api.network.Fleet;
import org.llmfactory.rest.FactoryApplication;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** The agents of this controller, under {@code /admin/agents}. */
@Component(service = Application.class)
@JaxrsApplicationBase("/admin/agents")
@JaxrsName("agents")
public final class AgentsApplication extends FactoryApplication {
    @Activate
    public AgentsApplication(@Reference Fleet fleet, @Reference Network network, @Reference ActionAudit audit) {
        super(new AgentsResource(fleet), new ActionsResource(fleet, network, audit), new LogsResource(fleet, network));
    }
}
