package org.llmfactory.evaluation.mixture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.llmfactory.evaluation.model.Target;
import org.llmfactory.rest.Json;
import org.llmfactory.rest.JsonFields;
import org.llmfactory.search.Parameter;
import org.llmfactory.search.Sampler;

/**
 * What is searched for.
 *
 * @param model the base model
 * @param adapters whose weights are searched for, each with the least and the greatest
 * @param validation files of questions by which weights are chosen
 * @param test files of questions by which the chosen ones are judged, once
 * @param chat whether questions are asked by the model's chat template
 * @param objective what is to be made small
 * @param random whether weights are tried at random rather than near those that did well
 * @param trials how many are tried
 * @param seed the same one gives the same weights
 * @param preset what the best is saved as; empty for not at all
 */
public record MixtureRequest(
        String model,
        List<Parameter> adapters,
        List<String> validation,
        List<String> test,
        boolean chat,
        Objective objective,
        boolean random,
        int trials,
        long seed,
        Optional<String> preset) {
    private static final int MAXIMUM_ADAPTERS = 16;
    private static final int MAXIMUM_FILES = 16;
    private static final int MAXIMUM_TRIALS = 1000;
    private static final int DEFAULT_TRIALS = 32;
    private static final double LARGEST_WEIGHT = 10;
    private static final long DEFAULT_SEED = 42;
    private static final Pattern PRESET = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    /** What is to be made small. */
    public enum Objective {
        /** The share of questions whose likeliest choice is wrong. */
        ACCURACY,
        /** The mean negative log probability of the right choice among the choices. */
        LOSS
    }

    public MixtureRequest {
        adapters = List.copyOf(adapters);
        validation = List.copyOf(validation);
        test = List.copyOf(test);
    }

    /**
     * Reads a request.
     *
     * @throws org.llmfactory.api.error.FactoryException with the place and the reason, when it cannot be
     */
    public static MixtureRequest read(JsonFields fields) {
        Optional<String> preset = fields.string("preset");
        if (preset.filter(name -> !PRESET.matcher(name).matches()).isPresent()) {
            throw fields.invalid("preset", "expected 1 to 64 lower-case letters, digits, '.', '_' and '-'");
        }
        List<String> validation = files(fields, "validation_files");
        List<String> test = files(fields, "test_files");
        if (test.stream().anyMatch(validation::contains)) {
            throw fields.invalid("test_files", "what weights are chosen by cannot judge them; name other files");
        }
        return new MixtureRequest(
                fields.requiredString("model"),
                space(fields),
                validation,
                test,
                oneOf(fields, "format", "text", "chat").equals("chat"),
                oneOf(fields, "objective", "accuracy", "loss").equals("loss") ? Objective.LOSS : Objective.ACCURACY,
                oneOf(fields, "algorithm", "tpe", "random").equals("random"),
                fields.integer("trials", 1, MAXIMUM_TRIALS).orElse(DEFAULT_TRIALS),
                fields.longInteger("seed", 0, Long.MAX_VALUE).orElse(DEFAULT_SEED),
                preset);
    }

    private static List<Parameter> space(JsonFields fields) {
        List<Parameter> space = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (JsonFields adapter : fields.objects("adapters", MAXIMUM_ADAPTERS)) {
            String id = adapter.requiredString("id");
            double low = adapter.number("low", -LARGEST_WEIGHT, LARGEST_WEIGHT).orElse(0);
            double high =
                    adapter.number("high", -LARGEST_WEIGHT, LARGEST_WEIGHT).orElse(1);
            if (!(low < high)) {
                throw adapter.invalid("high", "it must be above 'low'");
            }
            if (!names.add(id)) {
                throw adapter.invalid("id", "'" + id + "' is there twice");
            }
            space.add(new Parameter.Range(id, low, high, 0, false));
        }
        if (space.isEmpty()) {
            throw fields.missing("adapters");
        }
        return space;
    }

    private static List<String> files(JsonFields fields, String name) {
        List<String> files = fields.strings(name, MAXIMUM_FILES);
        if (files.isEmpty()) {
            throw fields.missing(name);
        }
        if (new HashSet<>(files).size() < files.size()) {
            throw fields.invalid(name, "a file is there twice");
        }
        return files;
    }

    private static String oneOf(JsonFields fields, String name, String byDefault, String other) {
        String word = fields.string(name).orElse(byDefault);
        if (!word.equals(byDefault) && !word.equals(other)) {
            throw fields.invalid(name, "expected '" + byDefault + "' or '" + other + "'");
        }
        return word;
    }

    /** Names of the adapters, in their order. */
    List<String> names() {
        return adapters.stream().map(Parameter::name).toList();
    }

    /**
     * The weights of the next trial: at first each adapter alone as it was trained, where its bounds allow, so that no
     * mixture is chosen that does worse than one of its parts; then what the sampler proposes.
     */
    Map<String, Float> next(List<MixtureTrial> trials) {
        List<Map<String, Float>> alone = alone();
        if (trials.size() < alone.size()) {
            return alone.get(trials.size());
        }
        Sampler sampler = random ? Sampler.random() : Sampler.tpe();
        Map<String, Double> proposed = sampler.propose(
                adapters, trials.stream().map(trial -> trial.asSeen(objective)).toList(), seed);
        Map<String, Float> weights = new LinkedHashMap<>();
        names().forEach(name ->
                weights.put(name, Objects.requireNonNull(proposed.get(name)).floatValue()));
        return weights;
    }

    private List<Map<String, Float>> alone() {
        List<Map<String, Float>> all = new ArrayList<>();
        boolean zeroAllowed = adapters.stream().allMatch(adapter -> allows(adapter, 0));
        for (Parameter one : adapters) {
            if (allows(one, 1) && (zeroAllowed || adapters.size() == 1)) {
                all.add(alone(one.name()));
            }
        }
        return all.subList(0, Math.min(all.size(), trials));
    }

    private static boolean allows(Parameter parameter, double weight) {
        return parameter instanceof Parameter.Range range && range.low() <= weight && weight <= range.high();
    }

    /** One adapter as it was trained, and none of the others. */
    Map<String, Float> alone(String adapter) {
        Map<String, Float> weights = new LinkedHashMap<>();
        names().forEach(name -> weights.put(name, name.equals(adapter) ? 1f : 0f));
        return weights;
    }

    /** The model with these weights. */
    Target target(Map<String, Float> weights) {
        ArrayNode mix = Json.MAPPER.createArrayNode();
        weights.forEach((adapter, weight) -> mix.addObject().put("id", adapter).put("weight", weight));
        return new Target(model, mix);
    }

    static ObjectNode toJson(Map<String, Float> weights) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        weights.forEach(json::put);
        return json;
    }

    static Map<String, Float> weights(JsonNode json) {
        Map<String, Float> weights = new LinkedHashMap<>();
        json.properties()
                .forEach(
                        weight -> weights.put(weight.getKey(), weight.getValue().floatValue()));
        return weights;
    }
}
