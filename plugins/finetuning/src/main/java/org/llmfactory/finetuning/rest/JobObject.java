package org.llmfactory.finetuning.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.adapter.FineTunedName;
import org.llmfactory.api.training.Hyperparameters;
import org.llmfactory.api.training.Stage;
import org.llmfactory.finetuning.job.Facts;
import org.llmfactory.finetuning.job.Job;
import org.llmfactory.finetuning.job.JobRequest;
import org.llmfactory.finetuning.job.Status;
import org.llmfactory.finetuning.work.Decisions;
import org.llmfactory.rest.Json;

/** A job in OpenAI's words, and in {@code llm_factory} what OpenAI has no word for. */
final class JobObject {
    private static final String AUTO = "auto";

    private JobObject() {}

    static ObjectNode of(Job job) {
        JobRequest request = job.request();
        ObjectNode facts = job.facts();
        Hyperparameters decided = facts.has(Facts.HYPERPARAMETERS)
                ? Json.MAPPER.convertValue(facts.get(Facts.HYPERPARAMETERS), Hyperparameters.class)
                : null;
        ObjectNode object = Json.MAPPER
                .createObjectNode()
                .put("id", job.id())
                .put("object", "fine_tuning.job")
                .put("created_at", job.created() / 1000)
                .put("finished_at", job.finished() == null ? null : (Long) (job.finished() / 1000))
                .put("model", request.model())
                .put(
                        "fine_tuned_model",
                        job.status() == Status.SUCCEEDED ? job.name().reference() : null)
                .put("organization_id", FineTunedName.ORGANIZATION)
                .put("status", job.status().word())
                .put("training_file", request.trainingFile())
                .put("validation_file", request.validationFile())
                .put("seed", request.seed())
                .put(
                        "trained_tokens",
                        job.status().isEnd() && facts.has(Facts.TRAINED_TOKENS)
                                ? (Long) facts.get(Facts.TRAINED_TOKENS).asLong()
                                : null)
                .put("estimated_finish", estimatedFinish(job));
        object.set("error", facts.get(Facts.ERROR));
        object.set("result_files", facts.has(Facts.RESULT_FILES) ? facts.get(Facts.RESULT_FILES) : array());
        object.set("integrations", array());
        object.set("metadata", Json.MAPPER.valueToTree(request.metadata()));
        object.set("hyperparameters", hyperparameters(request, decided));
        object.set("method", method(request, decided));
        object.set("llm_factory", extension(job, decided));
        return object;
    }

    private static JsonNode array() {
        return Json.MAPPER.createArrayNode();
    }

    private static ObjectNode hyperparameters(JobRequest request, @Nullable Hyperparameters decided) {
        JobRequest.Wanted wanted = request.wanted();
        ObjectNode shown = Json.MAPPER.createObjectNode();
        put(shown, "n_epochs", decided == null ? wanted.epochs() : (Integer) decided.epochs());
        put(shown, "batch_size", decided == null ? wanted.batchSize() : (Integer) decided.batchSize());
        put(
                shown,
                "learning_rate_multiplier",
                decided == null
                        ? wanted.multiplier()
                        : (Double) Decisions.multiplier(request.stage(), decided.learningRate()));
        return shown;
    }

    private static void put(ObjectNode shown, String name, @Nullable Object value) {
        shown.set(name, value == null ? Json.MAPPER.valueToTree(AUTO) : Json.MAPPER.valueToTree(value));
    }

    private static ObjectNode method(JobRequest request, @Nullable Hyperparameters decided) {
        boolean preference = request.stage() == Stage.PREFERENCE;
        String type = preference ? "dpo" : "supervised";
        ObjectNode hyperparameters = hyperparameters(request, decided);
        if (preference) {
            put(hyperparameters, "beta", decided == null ? request.wanted().beta() : (Double) decided.beta());
        }
        ObjectNode method = Json.MAPPER.createObjectNode().put("type", type);
        method.putObject(type).set("hyperparameters", hyperparameters);
        return method;
    }

    private static @Nullable Long estimatedFinish(Job job) {
        JsonNode plan = job.facts().path(Facts.PLAN);
        double seconds = job.facts().path(Facts.SECONDS_PER_STEP).asDouble();
        if (job.status() != Status.RUNNING || plan.isMissingNode() || seconds == 0) {
            return null;
        }
        int left = plan.path("steps").asInt() - job.facts().path(Facts.STEP).asInt();
        return System.currentTimeMillis() / 1000 + Math.round(left * seconds);
    }

    private static ObjectNode extension(Job job, @Nullable Hyperparameters decided) {
        ObjectNode facts = job.facts();
        ObjectNode shown = Json.MAPPER
                .createObjectNode()
                .put("stage", JobRequestReader.word(job.request().stage()))
                .put("priority", job.request().priority())
                .put("paused", job.paused())
                .put("attempts", job.attempts())
                .put("step", facts.path(Facts.STEP).asInt())
                .put("owner", job.owner());
        shown.set("plan", facts.get(Facts.PLAN));
        shown.set("examples", facts.get(Facts.EXAMPLES));
        if (decided != null) {
            shown.put("learning_rate", decided.learningRate())
                    .put("schedule", decided.schedule().name().toLowerCase(Locale.ROOT))
                    .put("warmup_ratio", decided.warmupRatio())
                    .put("weight_decay", decided.weightDecay())
                    .put("max_gradient_norm", decided.maxGradientNorm())
                    .put("max_length", decided.maxLength())
                    .put("evaluations", decided.evaluations())
                    .put("patience", decided.patience())
                    .set("lora", lora(decided));
        }
        return shown;
    }

    private static ObjectNode lora(Hyperparameters decided) {
        ObjectNode lora = Json.MAPPER
                .createObjectNode()
                .put("rank", decided.lora().rank())
                .put("alpha", decided.lora().alpha())
                .put("dropout", decided.lora().dropout())
                .put("rslora", decided.lora().rankStabilized())
                .put("dora", decided.lora().weightDecomposed());
        lora.set(
                "target_modules",
                Json.MAPPER.valueToTree(
                        decided.lora().targetModules().stream().sorted().toList()));
        return lora;
    }
}
