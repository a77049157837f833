package org.llmfactory.dataplane.tunnel;

import javax.ws.rs.core.Application;
import org.llmfactory.rest.FactoryApplication;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** {@code /admin/tunnels}, while this agent belongs to a network. */
@Component(service = Application.class)
@JaxrsApplicationBase("/admin/tunnels")
@JaxrsName("tunnels")
public final class TunnelsApplication extends FactoryApplication {
    @Activate
    public TunnelsApplication(@Reference Tunnels tunnels, @Reference TunnelAudit audit) {
        super(new TunnelsResource(tunnels, audit));
    }
}
