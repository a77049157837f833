package org.llmfactory.enrollment.rest;

import javax.ws.rs.core.Application;
import org.llmfactory.enrollment.join.Members;
import org.llmfactory.rest.FactoryApplication;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** The agents that were let in here, under {@code /admin/network/agents}. */
@Component(service = Application.class)
@JaxrsApplicationBase("/admin/network/agents")
@JaxrsName("network-agents")
public final class AgentsApplication extends FactoryApplication {
    @Activate
    public AgentsApplication(@Reference Members members) {
        super(new AgentsResource(members));
    }
}
