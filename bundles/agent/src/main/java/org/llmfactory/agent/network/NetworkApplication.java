package org.llmfactory.agent.network;

import javax.ws.rs.core.Application;
import org.llmfactory.rest.FactoryApplication;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** This agent's membership, under {@code /admin/network}. */
@Component(service = Application.class)
@JaxrsApplicationBase("/admin/network")
@JaxrsName("network")
public final class NetworkApplication extends FactoryApplication {
    @Activate
    public NetworkApplication(@Reference NetworkMember member) {
        super(new NetworkResource(member));
    }
}
