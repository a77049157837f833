package org.llmfactory.evaluation.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;
import org.llmfactory.rest.Json;

/** What answers cost, by model. */
public final class Costs {
    private static final String PROMPT = "prompt_tokens";
    private static final String COMPLETION = "completion_tokens";
    private static final String TOTAL = "total_tokens";
    private static final String CACHED = "cached_tokens";
    private static final String CALLS = "invocation_count";

    private final Map<String, ObjectNode> byModel = new TreeMap<>();

    /** Those that {@link #toJson} gave. */
    public static Costs of(JsonNode array) {
        Costs costs = new Costs();
        array.forEach(model -> costs.add(
                model.path("model_name").asText(),
                model,
                model.path(CALLS).asLong(),
                model.path(CACHED).asLong()));
        return costs;
    }

    /** One more answer of OpenAI's API. */
    void add(JsonNode answer) {
        JsonNode usage = answer.path("usage");
        add(
                answer.path("model").asText(),
                usage,
                1,
                usage.path("prompt_tokens_details").path(CACHED).asLong());
    }

    /** All that others cost. */
    public void add(Costs others) {
        others.byModel.forEach((model, cost) ->
                add(model, cost, cost.path(CALLS).asLong(), cost.path(CACHED).asLong()));
    }

    private void add(String model, JsonNode usage, long calls, long cached) {
        ObjectNode sum = byModel.computeIfAbsent(model, any -> Json.MAPPER.createObjectNode());
        sum.put(CALLS, sum.path(CALLS).asLong() + calls);
        for (String count : new String[] {PROMPT, COMPLETION, TOTAL}) {
            sum.put(count, sum.path(count).asLong() + usage.path(count).asLong());
        }
        sum.put(CACHED, sum.path(CACHED).asLong() + cached);
    }

    /** The sum over all models. */
    public ObjectNode total() {
        ObjectNode total = Json.MAPPER.createObjectNode();
        for (String count : new String[] {TOTAL, COMPLETION, PROMPT, CACHED}) {
            total.put(
                    count,
                    byModel.values().stream()
                            .mapToLong(cost -> cost.path(count).asLong())
                            .sum());
        }
        return total;
    }

    /** OpenAI's {@code per_model_usage}. */
    public ArrayNode toJson() {
        ArrayNode array = Json.MAPPER.createArrayNode();
        byModel.forEach((model, cost) -> array.add(
                Json.MAPPER.createObjectNode().put("model_name", model).setAll(cost)));
        return array;
    }
}
