package org.llmfactory.finetuning.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.llmfactory.finetuning.job.Event;
import org.llmfactory.finetuning.job.Status;
import org.llmfactory.finetuning.job.StoredCheckpoint;
import org.llmfactory.rest.Json;

/**
 * A run as MLflow's file store keeps it: a zip of {@code mlruns/<experiment>/<run>} with {@code meta.yaml}, {@code params},
 * {@code metrics}, {@code tags} and {@code artifacts/record.json}. Unpacked where MLflow looks for its runs, it shows the
 * run; several may be unpacked into the same place, and the runs of a project lie in one experiment.
 */
public final class MlflowExport {
    private static final int FINISHED = 3;
    private static final int FAILED = 4;
    private static final int KILLED = 5;
    private static final int RUNNING = 1;
    private static final int SOURCE_LOCAL = 4;

    private final RunRecord run;
    private final String experiment;
    private final String id;

    public MlflowExport(RunRecord run) {
        this.run = run;
        // MLflow's own ids of experiments are 18 digits, and of runs 32 hexadecimal ones.
        this.experiment = Long.toString(
                100_000_000_000_000_000L + Math.floorMod(stable(run.job().project()), 800_000_000_000_000_000L));
        this.id = "0".repeat(16) + run.job().name().id();
    }

    private static long stable(String text) {
        long hash = 1125899906842597L;
        for (int i = 0; i < text.length(); i++) {
            hash = 31 * hash + text.charAt(i);
        }
        return hash;
    }

    /** Writes the zip; the stream stays open. */
    public void write(OutputStream out, JsonNode record) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(out);
        String folder = "mlruns/" + experiment + "/";
        entry(zip, folder + "meta.yaml", yaml(experimentMeta()));
        entry(zip, folder + id + "/meta.yaml", yaml(runMeta()));
        for (Map.Entry<String, String> parameter : run.parameters().entrySet()) {
            entry(zip, folder + id + "/params/" + parameter.getKey(), parameter.getValue());
        }
        for (Map.Entry<String, String> tag : tags().entrySet()) {
            entry(zip, folder + id + "/tags/" + tag.getKey(), tag.getValue());
        }
        for (Map.Entry<String, StringBuilder> metric : metrics().entrySet()) {
            entry(
                    zip,
                    folder + id + "/metrics/" + metric.getKey(),
                    metric.getValue().toString());
        }
        entry(
                zip,
                folder + id + "/artifacts/record.json",
                Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(record));
        zip.finish();
    }

    private static void entry(ZipOutputStream zip, String name, String content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content.getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
    }

    private ObjectNode experimentMeta() {
        return Json.MAPPER
                .createObjectNode()
                .put("artifact_location", "mlruns/" + experiment)
                .put("creation_time", run.job().created())
                .put("experiment_id", experiment)
                .put("last_update_time", run.job().created())
                .put("lifecycle_stage", "active")
                .put("name", run.job().project());
    }

    private ObjectNode runMeta() {
        ObjectNode meta = Json.MAPPER
                .createObjectNode()
                .put("artifact_uri", "mlruns/" + experiment + "/" + id + "/artifacts")
                .put("end_time", run.job().finished())
                .put("entry_point_name", "")
                .put("experiment_id", experiment)
                .put("lifecycle_stage", "active")
                .put("run_id", id)
                .put("run_name", run.job().id())
                .put("run_uuid", id)
                .put("source_name", "")
                .put("source_type", SOURCE_LOCAL)
                .put("source_version", "")
                .put("start_time", run.job().created())
                .put("status", status());
        meta.putArray("tags");
        return meta.put("user_id", run.job().owner());
    }

    private int status() {
        Status status = run.job().status();
        if (!status.isEnd()) {
            return RUNNING;
        }
        return switch (status) {
            case SUCCEEDED -> FINISHED;
            case CANCELLED -> KILLED;
            default -> FAILED;
        };
    }

    /** A flat object as YAML: scalars of JSON are scalars of YAML. */
    private static String yaml(ObjectNode meta) {
        StringBuilder yaml = new StringBuilder();
        meta.properties()
                .forEach(field -> yaml.append(field.getKey())
                        .append(": ")
                        .append(field.getValue())
                        .append('\n'));
        return yaml.toString();
    }

    private Map<String, String> tags() {
        Map<String, String> tags = new LinkedHashMap<>();
        tags.put("mlflow.runName", run.job().id());
        tags.put("mlflow.user", run.job().owner());
        tags.put("fine_tuned_model", run.job().name().reference());
        run.environment().forEach((name, value) -> tags.put("environment." + name, value));
        return tags;
    }

    /** By name the lines of its file: time, value, step. */
    private Map<String, StringBuilder> metrics() {
        Map<String, StringBuilder> metrics = new LinkedHashMap<>();
        for (Event.Entered entered : run.steps()) {
            add(
                    metrics,
                    entered.created(),
                    entered.event().data().path("step").asInt(),
                    entered.event().data());
        }
        for (StoredCheckpoint checkpoint : run.checkpoints()) {
            ObjectNode validation = checkpoint.metrics().deepCopy();
            validation.retain(StoredCheckpoint.VALIDATION_LOSS, "full_valid_mean_token_accuracy");
            add(metrics, checkpoint.created(), checkpoint.step(), validation);
        }
        return metrics;
    }

    private static void add(Map<String, StringBuilder> metrics, long time, int step, ObjectNode values) {
        values.properties().stream()
                .filter(value -> value.getValue().isNumber() && !value.getKey().equals("step"))
                .forEach(value -> metrics.computeIfAbsent(value.getKey(), any -> new StringBuilder())
                        .append(time)
                        .append(' ')
                        .append(value.getValue())
                        .append(' ')
                        .append(step)
                        .append('\n'));
    }
}
