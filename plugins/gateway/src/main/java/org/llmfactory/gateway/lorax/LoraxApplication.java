package org.llmfactory.gateway.lorax;

import javax.ws.rs.core.Application;
import org.llmfactory.gateway.generation.TextGeneration;
import org.llmfactory.gateway.http.AuthenticationTiming;
import org.llmfactory.gateway.http.RequestLimits;
import org.llmfactory.gateway.model.ModelResolver;
import org.llmfactory.rest.FactoryApplication;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** LoRAX's interface, at the root because its clients look for it there. */
@Component(service = Application.class)
@JaxrsApplicationBase("/")
@JaxrsName("gateway-lorax")
public final class LoraxApplication extends FactoryApplication {
    @Activate
    public LoraxApplication(
            @Reference ModelResolver models, @Reference TextGeneration generations, @Reference RequestLimits limits) {
        super(
                new GenerateResource(models, generations, limits),
                new InfoResource(models),
                new LoraxFailureMapper(),
                new AuthenticationTiming());
    }
}
