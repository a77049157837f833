package org.llmfactory.finetuning.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.llmfactory.finetuning.job.Event;
import org.llmfactory.finetuning.job.Facts;
import org.llmfactory.finetuning.job.Job;
import org.llmfactory.finetuning.job.JobRequest;
import org.llmfactory.finetuning.job.JobStore;
import org.llmfactory.finetuning.job.StoredCheckpoint;

/**
 * A run in names and values, as tools that compare experiments take it.
 *
 * @param steps what was measured after each step, in their order
 * @param checkpoints what was measured of the validation data, by step
 */
public record RunRecord(Job job, List<Event.Entered> steps, List<StoredCheckpoint> checkpoints) {
    static final String TRAINING_LOSS = "train_loss";

    public RunRecord {
        steps = List.copyOf(steps);
        checkpoints = List.copyOf(checkpoints);
    }

    public static RunRecord of(Job job, JobStore jobs) {
        List<Event.Entered> steps = jobs.events(job.id()).stream()
                .filter(entered -> entered.event().step() != null)
                .toList();
        return new RunRecord(job, steps, jobs.checkpoints(job.id()));
    }

    /** What decides the result: the same parameters on the same software give the same adapter. */
    public Map<String, String> parameters() {
        JobRequest request = job.request();
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("model", request.model());
        parameters.put("base_model_digest", request.baseDigest());
        parameters.put("stage", request.stage().name().toLowerCase(Locale.ROOT));
        parameters.put("training_file", request.trainingFile());
        parameters.put("training_digest", digest(Facts.DATA));
        parameters.put("validation_file", request.validationFile() == null ? "" : request.validationFile());
        parameters.put("validation_digest", digest(Facts.VALIDATION));
        flatten("", job.facts().path(Facts.HYPERPARAMETERS), parameters);
        return parameters;
    }

    private String digest(String data) {
        return job.facts().path(data).path("digest").asText();
    }

    /** The machine and the software. */
    public Map<String, String> environment() {
        Map<String, String> environment = new TreeMap<>();
        flatten("", job.facts().path(Facts.ENVIRONMENT), environment);
        return environment;
    }

    private static void flatten(String prefix, JsonNode node, Map<String, String> target) {
        node.properties().forEach(field -> {
            String name = prefix + field.getKey();
            if (field.getValue().isObject()) {
                flatten(name + ".", field.getValue(), target);
            } else {
                target.put(name, text(field.getValue()));
            }
        });
    }

    private static String text(JsonNode value) {
        if (!value.isArray()) {
            return value.asText();
        }
        List<String> elements = new ArrayList<>();
        value.forEach(element -> elements.add(element.asText()));
        return String.join(",", elements.stream().sorted().toList());
    }

    /** What came of it; what was not measured is left out. */
    public Map<String, Double> metrics() {
        Map<String, Double> metrics = new LinkedHashMap<>();
        if (!steps.isEmpty()) {
            JsonNode last = steps.get(steps.size() - 1).event().data();
            put(metrics, "final_" + TRAINING_LOSS, last.path(TRAINING_LOSS));
            put(metrics, "trained_tokens", last.path("trained_tokens"));
        }
        if (!checkpoints.isEmpty()) {
            checkpoints
                    .get(checkpoints.size() - 1)
                    .validationLoss()
                    .ifPresent(loss -> metrics.put("final_" + StoredCheckpoint.VALIDATION_LOSS, loss));
            checkpoints.stream()
                    .flatMapToDouble(checkpoint -> checkpoint.validationLoss().stream())
                    .min()
                    .ifPresent(lowest -> metrics.put("lowest_" + StoredCheckpoint.VALIDATION_LOSS, lowest));
        }
        Long finished = job.finished();
        if (finished != null) {
            metrics.put("seconds", (finished - job.created()) / 1000.0);
        }
        return metrics;
    }

    private static void put(Map<String, Double> metrics, String name, JsonNode value) {
        if (value.isNumber()) {
            metrics.put(name, value.doubleValue());
        }
    }

    /** The training loss by step. */
    Map<Integer, Double> losses() {
        Map<Integer, Double> losses = new TreeMap<>();
        for (Event.Entered entered : steps) {
            ObjectNode data = entered.event().data();
            losses.put(data.path("step").asInt(), data.path(TRAINING_LOSS).asDouble());
        }
        return losses;
    }
}
