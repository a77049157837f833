package org.llmfactory.finetuning.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.llmfactory.access.AccessPolicy;
import org.llmfactory.access.Action;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.adapter.CardSection;
import org.llmfactory.api.adapter.FineTunedName;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.finetuning.job.Facts;
import org.llmfactory.finetuning.job.Job;
import org.llmfactory.finetuning.job.StoredCheckpoint;
import org.llmfactory.finetuning.work.FineTuning;
import org.llmfactory.rest.Json;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** How an adapter was trained, for those who may read its job. */
@Component
public final class TrainingSection implements CardSection {
    private final FineTuning tuning;

    @Activate
    public TrainingSection(@Reference FineTuning tuning) {
        this.tuning = tuning;
    }

    @Override
    public String name() {
        return "training";
    }

    @Override
    public Optional<Map<String, Object>> of(AdapterInfo adapter, Caller caller) {
        return FineTunedName.of(adapter)
                .flatMap(name -> tuning.jobs().find(Job.PREFIX + name.id()))
                .filter(job -> job.made(adapter))
                .filter(job -> AccessPolicy.allows(caller, Action.READ_JOB, KnownJobs.resource(job)))
                .map(job -> Json.map(describe(job)));
    }

    private ObjectNode describe(Job job) {
        ObjectNode section = Json.MAPPER
                .createObjectNode()
                .put("job", job.id())
                .put("model", job.request().model())
                .put("method", job.request().stage().name().toLowerCase(Locale.ROOT))
                .put("training_file", job.request().trainingFile())
                .put("seed", job.request().seed());
        for (String fact : List.of(Facts.HYPERPARAMETERS, Facts.TRAINED_TOKENS)) {
            if (job.facts().hasNonNull(fact)) {
                section.set(fact, job.facts().get(fact));
            }
        }
        List<StoredCheckpoint> checkpoints = tuning.jobs().checkpoints(job.id());
        if (!checkpoints.isEmpty()) {
            section.set("metrics", checkpoints.get(checkpoints.size() - 1).metrics());
        }
        return section;
    }
}
