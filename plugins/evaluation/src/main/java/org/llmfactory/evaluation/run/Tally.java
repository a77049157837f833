package org.llmfactory.evaluation.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.llmfactory.evaluation.model.Costs;
import org.llmfactory.evaluation.statistics.Proportion;
import org.llmfactory.rest.Json;

/** The sums of a run. For one thread. */
public final class Tally {
    private int total;
    private int passed;
    private int failed;
    private int errored;
    private double loss;
    private long tokens;
    private ArrayNode adapters = Json.MAPPER.createArrayNode();
    private final Costs costs;
    private final Map<String, Criterion> criteria = new LinkedHashMap<>();

    /** One of the criteria. */
    private static final class Criterion {
        private int passed;
        private int failed;
        private double sum;
    }

    /** One that {@link #toJson} gave, or an empty object. */
    public Tally(JsonNode json) {
        total = json.path("total").asInt();
        passed = json.path("passed").asInt();
        failed = json.path("failed").asInt();
        errored = json.path("errored").asInt();
        loss = json.path("loss").asDouble();
        tokens = json.path("tokens").asLong();
        json.path("adapters").forEach(adapters::add);
        costs = Costs.of(json.path("costs"));
        for (JsonNode one : json.path("criteria")) {
            Criterion criterion = criterion(one.path("name").asText());
            criterion.passed = one.path("passed").asInt();
            criterion.failed = one.path("failed").asInt();
            criterion.sum = one.path("sum").asDouble();
        }
    }

    private Criterion criterion(String name) {
        return criteria.computeIfAbsent(name, any -> new Criterion());
    }

    /** How many rows there are. */
    void expect(int rows) {
        total = rows;
    }

    /** One more row. */
    void add(Graded row, ObjectNode sample, Costs cost) {
        switch (row.status()) {
            case Graded.PASS -> passed++;
            case Graded.FAIL -> failed++;
            default -> errored++;
        }
        for (JsonNode result : row.results()) {
            Criterion criterion = criterion(result.path("name").asText());
            criterion.passed += result.path("passed").asBoolean() ? 1 : 0;
            criterion.failed += result.path("passed").asBoolean() ? 0 : 1;
            criterion.sum += result.path("score").asDouble();
        }
        costs.add(cost);
        if (sample.path("loss").isNumber()) {
            loss += sample.path("loss").asDouble() * sample.path("tokens").asLong();
            tokens += sample.path("tokens").asLong();
        }
        if (sample.get("adapters") instanceof ArrayNode mix) {
            adapters = mix;
        }
    }

    /** Digest of the adapter that answered, where it was one and as it was trained. */
    Optional<String> adapter() {
        return adapters.size() == 1 && adapters.get(0).path("weight").asDouble() == 1
                ? Optional.of(adapters.get(0).path("digest").asText())
                : Optional.empty();
    }

    ObjectNode toJson() {
        ObjectNode json = Json.MAPPER
                .createObjectNode()
                .put("total", total)
                .put("passed", passed)
                .put("failed", failed)
                .put("errored", errored)
                .put("loss", loss)
                .put("tokens", tokens);
        json.set("adapters", adapters);
        json.set("costs", costs.toJson());
        ArrayNode all = json.putArray("criteria");
        criteria.forEach((name, criterion) -> all.addObject()
                .put("name", name)
                .put("passed", criterion.passed)
                .put("failed", criterion.failed)
                .put("sum", criterion.sum));
        return json;
    }

    /** OpenAI's {@code result_counts}. */
    public ObjectNode counts() {
        return Json.MAPPER
                .createObjectNode()
                .put("total", total)
                .put("errored", errored)
                .put("failed", failed)
                .put("passed", passed);
    }

    /** OpenAI's {@code per_model_usage}. */
    public ArrayNode usage() {
        return costs.toJson();
    }

    /** OpenAI's {@code per_testing_criteria_results}, with the mean score and the share that passed, with its interval. */
    public ArrayNode criteria() {
        ArrayNode all = Json.MAPPER.createArrayNode();
        criteria.forEach((name, criterion) -> {
            int measured = criterion.passed + criterion.failed;
            ObjectNode one = all.addObject()
                    .put("testing_criteria", name)
                    .put("passed", criterion.passed)
                    .put("failed", criterion.failed);
            if (measured > 0) {
                one.put("mean_score", criterion.sum / measured);
                one.set("pass_rate", new Proportion(criterion.passed, measured).toJson());
            }
        });
        return all;
    }

    /** The mean loss over all tokens that were scored; empty when none were. */
    public Optional<ObjectNode> likelihood() {
        return tokens == 0
                ? Optional.empty()
                : Optional.of(Json.MAPPER
                        .createObjectNode()
                        .put("tokens", tokens)
                        .put("loss", loss / tokens)
                        .put("perplexity", Math.exp(loss / tokens)));
    }

    /** The adapters that answered, with their weights. */
    public ArrayNode adapters() {
        return adapters;
    }
}
