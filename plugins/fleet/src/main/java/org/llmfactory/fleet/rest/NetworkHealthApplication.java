package org.llmfactory.fleet.rest;

import javax.ws.rs.core.Application;
import org.llmfactory.api.network.Fleet;
import org.llmfactory.rest.FactoryApplication;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** {@code /admin/network/health}. */
@Component(service = Application.class)
@JaxrsApplicationBase("/admin/network/health")
@JaxrsName("network-health")
public final class NetworkHealthApplication extends FactoryApplication {
    @Activate
    public NetworkHealthApplication(@Reference Fleet fleet) {
        super(new NetworkHealthResource(fleet));
    }
}
