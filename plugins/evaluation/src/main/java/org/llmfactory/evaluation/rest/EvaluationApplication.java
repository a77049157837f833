package org.llmfactory.evaluation.rest;

import javax.ws.rs.core.Application;
import org.llmfactory.evaluation.Measurements;
import org.llmfactory.rest.FactoryApplication;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** OpenAI's evaluations, under {@code /v1/evals}. */
@Component(service = Application.class)
@JaxrsApplicationBase("/v1/evals")
@JaxrsName("evaluation")
public final class EvaluationApplication extends FactoryApplication {
    @Activate
    public EvaluationApplication(@Reference Measurements measurements) {
        super(
                new EvaluationsResource(measurements),
                new EvaluationResource(measurements),
                new RunsResource(measurements),
                new RunResource(measurements));
    }
}
