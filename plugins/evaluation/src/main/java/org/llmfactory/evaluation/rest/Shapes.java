package org.llmfactory.evaluation.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.llmfactory.evaluation.run.DataSource;
import org.llmfactory.evaluation.run.Evaluation;
import org.llmfactory.evaluation.run.Graded;
import org.llmfactory.evaluation.run.Run;
import org.llmfactory.rest.Json;

/** Evaluations, runs and output items as OpenAI's interface shows them. */
final class Shapes {
    private static final long MILLIS = 1000;

    private Shapes() {}

    static ObjectNode evaluation(Evaluation evaluation) {
        ObjectNode object = Json.MAPPER
                .createObjectNode()
                .put("object", "eval")
                .put("id", evaluation.id())
                .put("name", evaluation.name())
                .put("created_at", evaluation.created() / MILLIS);
        return object.setAll(evaluation.document());
    }

    static ObjectNode run(Run run) {
        ObjectNode object = Json.MAPPER
                .createObjectNode()
                .put("object", "eval.run")
                .put("id", run.id())
                .put("eval_id", run.evaluation())
                .put("report_url", "/v1/evals/" + run.evaluation() + "/runs/" + run.id())
                .put("status", run.status().word())
                .put("model", run.request().path("data_source").path("model").asText())
                .put("name", run.name())
                .put("created_at", run.created() / MILLIS);
        object.set("result_counts", run.tally().counts());
        object.set("per_model_usage", run.tally().usage());
        object.set("per_testing_criteria_results", run.tally().criteria());
        object.setAll(run.request().deepCopy());
        if (object.at("/data_source/source/type").asText().equals(DataSource.STORED_ROWS)) {
            ((ObjectNode) object.at("/data_source/source"))
                    .put("type", "file_content")
                    .putArray("content");
        }
        object.set("error", run.error());
        ObjectNode extension = object.putObject("llm_factory");
        run.tally().likelihood().ifPresent(likelihood -> extension.set("likelihood", likelihood));
        extension.set("adapters", run.tally().adapters());
        Long finished = run.finished();
        if (finished != null) {
            extension.put("finished_at", finished / MILLIS);
        }
        return object;
    }

    /** @param content the row and the answer, as they lie in the store; empty when they are gone */
    static ObjectNode item(Run run, Graded graded, ObjectNode content) {
        ObjectNode object = Json.MAPPER
                .createObjectNode()
                .put("object", "eval.run.output_item")
                .put("id", graded.id())
                .put("run_id", run.id())
                .put("eval_id", run.evaluation())
                .put("created_at", graded.created() / MILLIS)
                .put("status", graded.status())
                .put("datasource_item_id", graded.number());
        object.set("datasource_item", content.path("item").deepCopy());
        object.set("results", content.has("results") ? content.get("results") : graded.results());
        object.set("sample", sample(content));
        return object;
    }

    private static ObjectNode sample(ObjectNode content) {
        ObjectNode sample = Json.MAPPER.createObjectNode();
        sample.putArray("input");
        sample.putArray("output");
        sample.put("finish_reason", "").put("model", "");
        sample.putNull("error");
        sample.put("temperature", 1)
                .put("top_p", 1)
                .put("max_completion_tokens", 0)
                .put("seed", 0);
        if (content.get("sample") instanceof ObjectNode kept) {
            sample.setAll(kept);
        }
        return sample;
    }
}
