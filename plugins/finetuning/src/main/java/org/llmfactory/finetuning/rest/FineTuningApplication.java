package org.llmfactory.finetuning.rest;

import javax.ws.rs.core.Application;
import org.llmfactory.finetuning.work.FineTuning;
import org.llmfactory.rest.FactoryApplication;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** Fine-tuning, under {@code /v1/fine_tuning}. */
@Component(service = Application.class)
@JaxrsApplicationBase("/v1/fine_tuning")
@JaxrsName("finetuning")
public final class FineTuningApplication extends FactoryApplication {
    @Activate
    public FineTuningApplication(@Reference FineTuning tuning) {
        super(
                new JobsResource(tuning),
                new JobResource(new KnownJobs(tuning.jobs())),
                new RecordResource(tuning),
                new ComparisonResource(tuning.jobs()),
                new SearchesResource(tuning));
    }
}
