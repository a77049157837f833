package org.llmfactory.finetuning.record;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.llmfactory.rest.Json;

/** Runs side by side. */
public final class Comparison {
    private Comparison() {}

    /**
     * What is alike, and what is not.
     *
     * @param runs at least two; the others' curves are compared with the first one's
     */
    public static ObjectNode of(List<RunRecord> runs) {
        ObjectNode comparison = Json.MAPPER.createObjectNode().put("object", "llm_factory.fine_tuning.comparison");
        ArrayNode jobs = comparison.putArray("jobs");
        for (RunRecord run : runs) {
            ObjectNode job = jobs.addObject()
                    .put("id", run.job().id())
                    .put("status", run.job().status().word())
                    .put("fine_tuned_model", run.job().name().reference())
                    .put("created_at", run.job().created() / 1000);
            job.set("curve", against(runs.get(0), run));
        }
        comparison.set("parameters", table(runs, RunRecord::parameters));
        comparison.set("environment", table(runs, RunRecord::environment));
        comparison.set("metrics", table(runs, RunRecord::metrics));
        return comparison;
    }

    private static <T> ArrayNode table(List<RunRecord> runs, Function<RunRecord, Map<String, T>> columns) {
        List<Map<String, T>> all = runs.stream().map(columns).toList();
        Set<String> names = new LinkedHashSet<>();
        all.forEach(column -> names.addAll(column.keySet()));
        ArrayNode table = Json.MAPPER.createArrayNode();
        for (String name : names) {
            ObjectNode row = table.addObject().put("name", name);
            ArrayNode values = row.putArray("values");
            all.forEach(column -> values.addPOJO(column.get(name)));
            row.put(
                    "differs",
                    all.stream().map(column -> column.get(name)).distinct().count() > 1);
        }
        return table;
    }

    /** The training loss step by step; null in place of a difference where there is no step that both have. */
    private static ObjectNode against(RunRecord first, RunRecord run) {
        Map<Integer, Double> reference = first.losses();
        Map<Integer, Double> losses = run.losses();
        int shared = 0;
        @Nullable Double largest = null;
        for (Map.Entry<Integer, Double> step : losses.entrySet()) {
            Double other = reference.get(step.getKey());
            if (other != null) {
                shared++;
                double difference = Math.abs(step.getValue() - other);
                largest = largest == null ? difference : Math.max(largest, difference);
            }
        }
        return Json.MAPPER
                .createObjectNode()
                .put("steps", losses.size())
                .put("steps_of_both", shared)
                .put("largest_difference", largest);
    }
}
