package org.llmfactory.agent.rest;

import javax.ws.rs.core.Application;
import org.llmfactory.api.agent.PluginManager;
import org.llmfactory.api.agent.PluginSignatures;
import org.llmfactory.rest.FactoryApplication;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** The administration of this agent, under {@code /admin}. */
@Component(service = Application.class)
@JaxrsApplicationBase("/admin")
@JaxrsName("agent")
public final class AdminApplication extends FactoryApplication {
    @Activate
    public AdminApplication(
            @Reference PluginManager plugins,
            @Reference PluginSignatures signatures,
            @Reference EndpointCatalog endpoints,
            @Reference PluginAudit audit) {
        super(
                new PluginsResource(plugins, audit),
                new SignersResource(signatures, audit),
                new EndpointsResource(endpoints));
    }
}
