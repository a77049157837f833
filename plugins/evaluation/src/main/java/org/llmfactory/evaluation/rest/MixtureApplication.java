package org.llmfactory.evaluation.rest;

import javax.ws.rs.core.Application;
import org.llmfactory.evaluation.Measurements;
import org.llmfactory.rest.FactoryApplication;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** Mixtures of adapters, under {@code /v1/mixtures}. */
@Component(service = Application.class)
@JaxrsApplicationBase("/v1/mixtures")
@JaxrsName("mixtures")
public final class MixtureApplication extends FactoryApplication {
    @Activate
    public MixtureApplication(@Reference Measurements measurements) {
        super(new MixturesResource(measurements));
    }
}
