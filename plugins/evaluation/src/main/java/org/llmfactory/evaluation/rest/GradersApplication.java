package org.llmfactory.evaluation.rest;

import javax.ws.rs.core.Application;
import org.llmfactory.evaluation.Measurements;
import org.llmfactory.rest.FactoryApplication;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** OpenAI's way to try a criterion, under {@code /v1/fine_tuning/alpha/graders}. */
@Component(service = Application.class)
@JaxrsApplicationBase("/v1/fine_tuning/alpha/graders")
@JaxrsName("graders")
public final class GradersApplication extends FactoryApplication {
    @Activate
    public GradersApplication(@Reference Measurements measurements) {
        super(new GradersResource(measurements));
    }
}
