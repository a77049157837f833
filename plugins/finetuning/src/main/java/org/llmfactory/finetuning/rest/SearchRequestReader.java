package org.llmfactory.finetuning.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.finetuning.job.JobRequest;
import org.llmfactory.finetuning.search.SearchRequest;
import org.llmfactory.finetuning.search.SearchRequest.Algorithm;
import org.llmfactory.finetuning.search.Tunable;
import org.llmfactory.finetuning.search.Wish;
import org.llmfactory.rest.JsonFields;

/** Reads what is to be searched for, strictly. */
final class SearchRequestReader {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int MOST_TRIALS = 1000;
    private static final int MOST_PARALLEL = 16;
    private static final int MOST_VALUES = 32;
    private static final int USUAL_TRIALS = 20;
    private static final int PRUNING_EVALUATIONS = 9;

    private SearchRequestReader() {}

    /** @param orders reads the job that is tried */
    static SearchRequest read(ObjectNode json, Function<ObjectNode, JobRequest> orders) {
        JsonFields body = JsonFields.of(json);
        JsonNode template = body.node("job").orElseThrow(() -> body.missing("job"));
        if (!(template instanceof ObjectNode order)) {
            throw JsonFields.wrongType("job", "an object", template);
        }
        boolean pruning = pruning(body);
        JobRequest job = orders.apply(pruning ? withEvaluations(order) : order);
        if (job.validationFile() == null) {
            throw FactoryException.ofParameter(
                    ErrorCode.INVALID_VALUE,
                    "job.validation_file",
                    "A search compares losses on a validation file: give one in 'job.validation_file'.");
        }
        return new SearchRequest(
                job,
                wishes(body),
                algorithm(body),
                body.integer("trials", 1, MOST_TRIALS).orElse(USUAL_TRIALS),
                body.integer("parallel", 1, MOST_PARALLEL).orElse(1),
                pruning,
                body.longInteger("seed", 0, Integer.MAX_VALUE).orElseGet(() -> RANDOM.nextInt(Integer.MAX_VALUE)),
                body.has("max_trained_tokens")
                        ? (Long) body.longInteger("max_trained_tokens", 1, Long.MAX_VALUE)
                                .getAsLong()
                        : null,
                body.flag("keep_all", false));
    }

    /** The job, evaluated often enough to be compared early, unless it says how often itself. */
    private static ObjectNode withEvaluations(ObjectNode order) {
        ObjectNode often = order.deepCopy();
        JsonNode extension = often.path("llm_factory");
        if (extension.isMissingNode()) {
            often.putObject("llm_factory").put("evaluations", PRUNING_EVALUATIONS);
        } else if (extension instanceof ObjectNode given && !given.has("evaluations")) {
            given.put("evaluations", PRUNING_EVALUATIONS);
        }
        return often;
    }

    private static boolean pruning(JsonFields body) {
        return switch (body.string("pruning").orElse("none")) {
            case "none" -> false;
            case "successive_halving" -> true;
            default -> throw body.invalid("pruning", "expected 'none' or 'successive_halving'");
        };
    }

    private static Algorithm algorithm(JsonFields body) {
        return switch (body.string("algorithm").orElse("tpe")) {
            case "tpe" -> Algorithm.TPE;
            case "random" -> Algorithm.RANDOM;
            default -> throw body.invalid("algorithm", "expected 'tpe' or 'random'");
        };
    }

    private static List<Wish> wishes(JsonFields body) {
        List<Wish> wishes = new ArrayList<>();
        Set<Tunable> seen = EnumSet.noneOf(Tunable.class);
        for (JsonFields one : body.objects("parameters", Tunable.values().length)) {
            Wish wish = wish(one);
            if (!seen.add(wish.tunable())) {
                throw one.invalid("name", "the parameter is there twice");
            }
            wishes.add(wish);
        }
        if (wishes.isEmpty()) {
            throw body.invalid("parameters", "name at least one thing to search for: " + Tunable.words());
        }
        return wishes;
    }

    private static Wish wish(JsonFields one) {
        Tunable tunable = Tunable.of(one.requiredString("name"))
                .orElseThrow(() -> one.invalid("name", "expected one of " + Tunable.words()));
        if (one.has("values")) {
            return Wish.oneOf(tunable, values(one, tunable));
        }
        if (tunable.kind() == Tunable.Kind.WORD) {
            throw one.missing("values");
        }
        boolean whole = tunable.kind() == Tunable.Kind.WHOLE;
        boolean logarithmic = logarithmic(one);
        Wish wish = new Wish(
                tunable,
                bound(one, "low", tunable),
                bound(one, "high", tunable),
                one.number("step", 0, Double.MAX_VALUE).orElse(whole ? 1 : 0),
                logarithmic,
                List.of());
        if (whole && (logarithmic || wish.step() < 1 || wish.low() % 1 != 0 || wish.step() % 1 != 0)) {
            throw one.invalid("name", "whole numbers are searched for in whole steps, on a linear scale");
        }
        try {
            wish.parameter();
        } catch (IllegalArgumentException e) {
            throw one.invalid("low", String.valueOf(e.getMessage()));
        }
        return wish;
    }

    private static boolean logarithmic(JsonFields one) {
        return switch (one.string("scale").orElse("linear")) {
            case "linear" -> false;
            case "log" -> true;
            default -> throw one.invalid("scale", "expected 'linear' or 'log'");
        };
    }

    private static double bound(JsonFields one, String name, Tunable tunable) {
        return one.number(name, tunable.least(), tunable.greatest()).orElseThrow(() -> one.missing(name));
    }

    private static List<String> values(JsonFields one, Tunable tunable) {
        List<JsonNode> given = JsonFields.arrayAt(one.node("values").orElseThrow(), one.path("values"), MOST_VALUES);
        if (given.isEmpty()) {
            throw one.invalid("values", "there is nothing to choose from");
        }
        return given.stream().map(value -> value(one, tunable, value)).toList();
    }

    private static String value(JsonFields one, Tunable tunable, JsonNode value) {
        if (tunable.kind() == Tunable.Kind.WORD) {
            String word = value.asText();
            if (!Set.of("constant", "linear", "cosine").contains(word)) {
                throw one.invalid("values", "expected 'constant', 'linear' or 'cosine'");
            }
            return word.toUpperCase(Locale.ROOT);
        }
        boolean fits = tunable.kind() == Tunable.Kind.WHOLE ? value.isIntegralNumber() : value.isNumber();
        if (!fits || value.doubleValue() < tunable.least() || value.doubleValue() > tunable.greatest()) {
            throw one.invalid(
                    "values",
                    "expected " + (tunable.kind() == Tunable.Kind.WHOLE ? "whole numbers" : "numbers") + " from "
                            + tunable.least() + " to " + tunable.greatest());
        }
        return value.asText();
    }
}
