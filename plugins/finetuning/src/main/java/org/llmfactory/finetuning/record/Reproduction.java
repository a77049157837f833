package org.llmfactory.finetuning.record;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.file.FileCatalog;
import org.llmfactory.api.file.FileInfo;
import org.llmfactory.api.model.ModelInfo;
import org.llmfactory.api.training.Hyperparameters;
import org.llmfactory.finetuning.job.Facts;
import org.llmfactory.finetuning.job.Job;
import org.llmfactory.finetuning.job.JobRequest;
import org.llmfactory.rest.Json;
import org.llmfactory.rest.Metadata;

/** The order that does a run again, from its record. */
public final class Reproduction {
    /** The metadata that says of which job a job is the repetition. */
    public static final String METADATA = "reproduces";

    private Reproduction() {}

    /**
     * The same again, with all that was decided then.
     *
     * @param base the base model as it is now; empty when it is not there
     * @param apiKey of the one who orders it now
     * @throws org.llmfactory.api.error.FactoryException {@code CONFLICT} with all that is no longer as it was
     */
    public static JobRequest of(Job job, Optional<ModelInfo> base, FileCatalog files, @Nullable String apiKey) {
        JsonNode decided = job.facts().path(Facts.HYPERPARAMETERS);
        List<String> reasons = new ArrayList<>();
        if (decided.isMissingNode()) {
            reasons.add("it never began");
        }
        JobRequest request = job.request();
        if (base.filter(now -> now.digest().equals(request.baseDigest())).isEmpty()) {
            reasons.add("the base model '" + request.model() + "' is " + (base.isEmpty() ? "gone" : "another one now"));
        }
        check(job, files, request.trainingFile(), Facts.DATA, reasons);
        check(job, files, request.validationFile(), Facts.VALIDATION, reasons);
        if (!reasons.isEmpty()) {
            throw new FactoryException(
                    ErrorCode.CONFLICT, "The run cannot be done again: " + String.join(", ", reasons) + ".");
        }
        Map<String, String> metadata = new LinkedHashMap<>(request.metadata());
        metadata.remove(METADATA);
        if (metadata.size() == Metadata.MAXIMUM_PAIRS) {
            metadata.remove(metadata.keySet().iterator().next());
        }
        metadata.put(METADATA, job.id());
        return new JobRequest(
                request.model(),
                request.baseDigest(),
                request.contextLength(),
                request.trainingFile(),
                request.validationFile(),
                request.suffix(),
                request.seed(),
                request.priority(),
                metadata,
                apiKey,
                request.stage(),
                wanted(Json.MAPPER.convertValue(decided, Hyperparameters.class)));
    }

    private static void check(Job job, FileCatalog files, @Nullable String id, String fact, List<String> reasons) {
        if (id == null) {
            return;
        }
        String digest = job.facts().path(fact).path("digest").asText();
        Optional<FileInfo> file = files.find(job.project(), id);
        if (file.isEmpty()) {
            reasons.add("the file '" + id + "' is gone");
        } else if (!file.get().digest().equals(digest)) {
            reasons.add("the file '" + id + "' is another one now");
        }
    }

    private static JobRequest.Wanted wanted(Hyperparameters decided) {
        return new JobRequest.Wanted(
                decided.epochs(),
                decided.batchSize(),
                null,
                decided.beta(),
                decided.learningRate(),
                decided.schedule(),
                decided.warmupRatio(),
                decided.weightDecay(),
                decided.maxLength(),
                decided.evaluations(),
                decided.patience(),
                decided.lora().rank(),
                decided.lora().alpha(),
                decided.lora().dropout(),
                decided.lora().targetModules(),
                decided.lora().rankStabilized(),
                decided.lora().weightDecomposed());
    }
}
