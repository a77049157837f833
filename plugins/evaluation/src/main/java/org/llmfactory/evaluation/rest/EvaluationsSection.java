package org.llmfactory.evaluation.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llmfactory.access.AccessPolicy;
import org.llmfactory.access.Action;
import org.llmfactory.access.Resource;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.adapter.CardSection;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.evaluation.Measurements;
import org.llmfactory.evaluation.run.Evaluations.Measured;
import org.llmfactory.rest.Json;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** What the caller's project has measured of an adapter. */
@Component
public final class EvaluationsSection implements CardSection {
    private static final int MOST = 50;

    private final Measurements measurements;

    @Activate
    public EvaluationsSection(@Reference Measurements measurements) {
        this.measurements = measurements;
    }

    @Override
    public String name() {
        return "evaluations";
    }

    @Override
    public Optional<Map<String, Object>> of(AdapterInfo adapter, Caller caller) {
        if (!AccessPolicy.allows(caller, Action.READ_JOB, Resource.project(caller.project()))) {
            return Optional.empty();
        }
        List<Measured> all = measurements.evaluations().of(adapter.digest(), caller.project());
        if (all.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode section = Json.MAPPER.createObjectNode().put("runs", all.size());
        ArrayNode newest = section.putArray("newest");
        all.stream().limit(MOST).map(EvaluationsSection::describe).forEach(newest::add);
        return Optional.of(Json.map(section));
    }

    private static ObjectNode describe(Measured measured) {
        ObjectNode run = Json.MAPPER
                .createObjectNode()
                .put("eval_id", measured.evaluation().id())
                .put("eval_name", measured.evaluation().name())
                .put("run_id", measured.run().id())
                .put("created_at", measured.run().created() / 1000);
        run.set("result_counts", measured.run().tally().counts());
        run.set("per_testing_criteria_results", measured.run().tally().criteria());
        measured.run().tally().likelihood().ifPresent(likelihood -> run.set("likelihood", likelihood));
        return run;
    }
}
