package org.llmfactory.evaluation.grade;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.llmfactory.evaluation.grade.StringCheck.Operation;
import org.llmfactory.evaluation.item.Template;
import org.llmfactory.evaluation.model.Target;
import org.llmfactory.rest.Json;
import org.llmfactory.rest.JsonFields;

/** Reads the criteria of an evaluation. */
public final class Graders {
    private static final int MAXIMUM = 64;
    private static final double DEFAULT_THRESHOLD = 0.5;
    private static final List<String> SAMPLING =
            List.of("temperature", "top_p", "seed", "max_tokens", "max_completion_tokens", "max_completions_tokens");

    private Graders() {}

    /**
     * The criteria in an array of objects, at least one.
     *
     * @throws org.llmfactory.api.error.FactoryException with the place and the reason, when one cannot be
     */
    public static List<Grader> read(JsonFields fields, String name) {
        List<Grader> graders = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (JsonFields criterion : fields.objects(name, MAXIMUM)) {
            Grader grader = one(criterion);
            if (!names.add(grader.name())) {
                throw criterion.invalid("name", "another criterion has the name '" + grader.name() + "'");
            }
            graders.add(grader);
        }
        if (graders.isEmpty()) {
            throw fields.missing(name);
        }
        return graders;
    }

    /**
     * One criterion.
     *
     * @throws org.llmfactory.api.error.FactoryException with the place and the reason, when it cannot be
     */
    public static Grader one(JsonFields fields) {
        String type = fields.requiredString("type");
        String name = fields.requiredString("name");
        return switch (type) {
            case "string_check" ->
                new StringCheck(
                        name,
                        word(fields, "operation", Operation.class),
                        template(fields, "input"),
                        template(fields, "reference"));
            case "text_similarity" ->
                new TextSimilarity(
                        name,
                        metric(fields),
                        template(fields, "input"),
                        template(fields, "reference"),
                        fields.number("pass_threshold", 0, 1).orElse(DEFAULT_THRESHOLD));
            case "label_model" -> labelModel(fields, name);
            case "score_model" -> scoreModel(fields, name);
            case Measured.MultipleChoice.TYPE -> new Measured.MultipleChoice(name);
            case Measured.Loss.TYPE -> new Measured.Loss(name, fields.number("pass_threshold", 0, Double.MAX_VALUE));
            case "python", "multi" ->
                throw fields.unsupported("type", "Criteria of type '" + type + "' are not supported by this server.");
            default ->
                throw fields.invalid(
                        "type",
                        "expected 'string_check', 'text_similarity', 'label_model', 'score_model', 'multiple_choice'"
                                + " or 'loss'");
        };
    }

    private static Grader labelModel(JsonFields fields, String name) {
        List<String> labels = fields.strings("labels", MAXIMUM);
        List<String> passing = fields.strings("passing_labels", MAXIMUM);
        if (labels.isEmpty()) {
            throw fields.missing("labels");
        }
        if (passing.isEmpty()) {
            throw fields.missing("passing_labels");
        }
        if (!labels.containsAll(passing) || labels.contains("")) {
            throw fields.invalid("passing_labels", "each of them must be one of 'labels', and none is empty");
        }
        return new LabelModel(name, judge(fields), Conversation.read(fields, "input"), labels, Set.copyOf(passing));
    }

    private static Grader scoreModel(JsonFields fields, String name) {
        double lowest = 0;
        double highest = 1;
        List<Double> range = new ArrayList<>();
        fields.node("range")
                .ifPresent(node -> JsonFields.arrayAt(node, fields.path("range"), 2)
                        .forEach(bound -> range.add(bound.asDouble(Double.NaN))));
        if (!range.isEmpty()) {
            if (range.size() != 2 || !(range.get(0) < range.get(1))) {
                throw fields.invalid("range", "expected the lowest and the highest mark");
            }
            lowest = range.get(0);
            highest = range.get(1);
        }
        ObjectNode sampling = Json.MAPPER.createObjectNode();
        fields.object("sampling_params")
                .ifPresent(given -> SAMPLING.forEach(known -> given.node(known)
                        .ifPresent(value -> sampling.set(known.replace("completions", "completion"), value))));
        return new ScoreModel(
                name,
                judge(fields),
                Conversation.read(fields, "input"),
                sampling,
                lowest,
                highest,
                fields.number("pass_threshold", lowest, highest).orElse((lowest + highest) / 2));
    }

    private static Target judge(JsonFields fields) {
        return new Target(fields.requiredString("model"), null);
    }

    private static Metric metric(JsonFields fields) {
        String word = fields.requiredString("evaluation_metric");
        if (word.equals("cosine") || word.equals("meteor")) {
            throw fields.unsupported("evaluation_metric", "The metric '" + word + "' is not supported by this server.");
        }
        return word(fields, "evaluation_metric", Metric.class);
    }

    private static <E extends Enum<E>> E word(JsonFields fields, String name, Class<E> type) {
        String word = fields.requiredString(name);
        Function<E, String> written = value -> value.name().toLowerCase(Locale.ROOT);
        return Arrays.stream(type.getEnumConstants())
                .filter(value -> written.apply(value).equals(word))
                .findFirst()
                .orElseThrow(() -> fields.invalid(
                        name,
                        "expected one of "
                                + Arrays.stream(type.getEnumConstants())
                                        .map(written)
                                        .collect(Collectors.joining(", "))));
    }

    private static Template template(JsonFields fields, String name) {
        return template(fields, name, fields.requiredString(name));
    }

    /** A template that stands in a field. */
    static Template template(JsonFields fields, String name, String text) {
        try {
            return new Template(text);
        } catch (IllegalArgumentException e) {
            throw fields.invalid(name, String.valueOf(e.getMessage()));
        }
    }
}
