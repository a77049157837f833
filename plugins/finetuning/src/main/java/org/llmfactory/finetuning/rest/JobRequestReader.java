package org.llmfactory.finetuning.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.adapter.FineTunedName;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.model.ModelInfo;
import org.llmfactory.api.training.Hyperparameters.Schedule;
import org.llmfactory.api.training.Stage;
import org.llmfactory.finetuning.job.JobRequest;
import org.llmfactory.rest.Json;
import org.llmfactory.rest.JsonFields;
import org.llmfactory.rest.Metadata;

/** Reads what is ordered, strictly. */
final class JobRequestReader {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Set<String> PROJECTIONS =
            Set.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");

    private JobRequestReader() {}

    /** @param bases finds a base model that the caller may use, or refuses */
    static JobRequest read(ObjectNode json, Caller caller, Function<String, ModelInfo> bases) {
        JsonFields body = JsonFields.of(json);
        String model = body.requiredString("model");
        String trainingFile = body.requiredString("training_file");
        if (body.node("integrations")
                .filter(list -> !list.isArray() || !list.isEmpty())
                .isPresent()) {
            throw body.unsupported("integrations", "There are none here; leave them out.");
        }
        JsonFields extension =
                body.object("llm_factory").orElseGet(() -> JsonFields.of(Json.MAPPER.createObjectNode()));
        JsonFields lora = extension.object("lora").orElseGet(() -> JsonFields.of(Json.MAPPER.createObjectNode()));
        String method = method(body);
        JsonFields hyperparameters = body.object("method")
                .flatMap(chosen -> chosen.object(method))
                .flatMap(chosen -> chosen.object("hyperparameters"))
                .or(() -> body.object("hyperparameters"))
                .orElseGet(() -> JsonFields.of(Json.MAPPER.createObjectNode()));
        Stage stage = stage(extension, method);
        ModelInfo base = bases.apply(model);
        return new JobRequest(
                base.id(),
                base.digest(),
                base.contextLength(),
                trainingFile,
                body.string("validation_file").orElse(null),
                suffix(body),
                body.longInteger("seed", 0, Integer.MAX_VALUE).orElseGet(() -> RANDOM.nextInt(Integer.MAX_VALUE)),
                extension.integer("priority", -100, 100).orElse(0),
                Metadata.read(body),
                caller.apiKey().orElse(null),
                stage,
                new JobRequest.Wanted(
                        integer(hyperparameters, "n_epochs", 1, 50),
                        integer(hyperparameters, "batch_size", 1, 256),
                        positive(hyperparameters, "learning_rate_multiplier", 1000),
                        positive(hyperparameters, "beta", 2),
                        positive(extension, "learning_rate", 1),
                        schedule(extension),
                        number(extension, "warmup_ratio", 0, 1),
                        number(extension, "weight_decay", 0, 1),
                        integer(extension, "max_length", 8, base.contextLength()),
                        integer(extension, "evaluations", 1, 100),
                        integer(extension, "patience", 0, 100),
                        integer(lora, "rank", 1, 256),
                        positive(lora, "alpha", 4096),
                        number(lora, "dropout", 0, 0.99),
                        targets(lora),
                        lora.flag("rslora", false),
                        lora.flag("dora", false)));
    }

    /** As it stands on the wire. */
    static String word(Stage stage) {
        return switch (stage) {
            case PRETRAINING -> "pt";
            case SUPERVISED -> "sft";
            case PREFERENCE -> "dpo";
        };
    }

    private static String method(JsonFields body) {
        Optional<JsonFields> method = body.object("method");
        if (method.isEmpty()) {
            return "supervised";
        }
        String type = method.get().requiredString("type");
        return switch (type) {
            case "supervised", "dpo" -> type;
            case "reinforcement" -> throw method.get().unsupported("type", "There is no reinforcement learning here.");
            default -> throw method.get().invalid("type", "expected 'supervised' or 'dpo'");
        };
    }

    private static Stage stage(JsonFields extension, String method) {
        Stage byMethod = method.equals("dpo") ? Stage.PREFERENCE : Stage.SUPERVISED;
        Optional<String> named = extension.string("stage");
        if (named.isEmpty() || named.get().equals(word(byMethod))) {
            return byMethod;
        }
        if (named.get().equals("pt") && byMethod == Stage.SUPERVISED) {
            return Stage.PRETRAINING;
        }
        throw extension.invalid("stage", "expected 'pt', or the stage of the method: '" + word(byMethod) + "'");
    }

    private static String suffix(JsonFields body) {
        String suffix = body.string("suffix").orElse("");
        if (suffix.length() > 64) {
            throw body.invalid("suffix", "at most 64 characters are taken");
        }
        String plain =
                suffix.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]+", "-").replaceAll("^[._-]+", "");
        String cut = plain.substring(0, Math.min(plain.length(), FineTunedName.MAXIMUM_SUFFIX))
                .replaceAll("[._-]+$", "");
        return cut.equals("ft") ? "" : cut;
    }

    private static @Nullable Schedule schedule(JsonFields extension) {
        return extension
                .string("schedule")
                .map(word -> switch (word) {
                    case "constant" -> Schedule.CONSTANT;
                    case "linear" -> Schedule.LINEAR;
                    case "cosine" -> Schedule.COSINE;
                    default -> throw extension.invalid("schedule", "expected 'constant', 'linear' or 'cosine'");
                })
                .orElse(null);
    }

    private static @Nullable Set<String> targets(JsonFields lora) {
        List<String> targets = lora.strings("target_modules", PROJECTIONS.size());
        if (!PROJECTIONS.containsAll(targets)) {
            throw lora.invalid("target_modules", "expected some of " + String.join(", ", PROJECTIONS));
        }
        return targets.isEmpty() ? null : Set.copyOf(targets);
    }

    private static boolean isAuto(JsonFields fields, String name) {
        return fields.node(name).map(JsonNode::textValue).filter("auto"::equals).isPresent();
    }

    private static @Nullable Integer integer(JsonFields fields, String name, int minimum, int maximum) {
        if (isAuto(fields, name)) {
            return null;
        }
        OptionalInt value = fields.integer(name, minimum, maximum);
        return value.isPresent() ? (Integer) value.getAsInt() : null;
    }

    private static @Nullable Double number(JsonFields fields, String name, double minimum, double maximum) {
        if (isAuto(fields, name)) {
            return null;
        }
        OptionalDouble value = fields.number(name, minimum, maximum);
        return value.isPresent() ? (Double) value.getAsDouble() : null;
    }

    private static @Nullable Double positive(JsonFields fields, String name, double maximum) {
        Double value = number(fields, name, 0, maximum);
        if (value != null && value == 0) {
            throw fields.invalid(name, "expected a number above 0");
        }
        return value;
    }
}
