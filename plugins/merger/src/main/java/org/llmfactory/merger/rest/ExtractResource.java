package org.llmfactory.merger.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import javax.ws.rs.Consumes;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.SecurityContext;
import org.llmfactory.access.Action;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.api.model.LocalModel;
import org.llmfactory.merger.extract.Extraction;
import org.llmfactory.merger.extract.RankRule;
import org.llmfactory.merger.work.AdapterMaker;
import org.llmfactory.rest.AdapterObject;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.Json;
import org.llmfactory.rest.JsonFields;
import org.llmfactory.rest.Requires;

/** An adapter out of a fine-tuned model. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class ExtractResource {
    private static final int LARGEST_RANK = 1024;
    private static final int MOST_BY_ENERGY = 64;

    private final AdapterMaker maker;
    private final Sources sources;
    private final Ledger ledger;

    ExtractResource(AdapterMaker maker, Sources sources, Ledger ledger) {
        this.maker = maker;
        this.sources = sources;
        this.ledger = ledger;
    }

    /** Extracts the difference of two models of this agent and answers with the adapter when it is registered. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Requires(Action.CREATE_ADAPTER)
    public ObjectNode extract(@Context SecurityContext security, ObjectNode body) {
        Caller caller = Callers.of(security);
        JsonFields fields = JsonFields.of(body);
        NewAdapter made = NewAdapter.read(fields);
        String baseId = fields.requiredString("base");
        String modelId = fields.requiredString("model");
        RankRule rule = rule(fields);
        sources.checkMayShow(caller, made.visibility());
        LocalModel base = sources.localModel(caller, baseId);
        LocalModel tuned = sources.localModel(caller, modelId);
        AdapterMaker.Extracted result = maker.extract(made.label(caller), base, tuned, rule);
        AdapterInfo adapter = result.adapter();
        ledger.record(AuditEvent.of(
                        "adapter.created", Callers.actor(security), Optional.of(adapter.project()), adapter.id())
                .with(Map.of(
                        "name", adapter.name(),
                        "digest", adapter.digest(),
                        "energy", rule.energy(),
                        "extracted",
                                Map.of(
                                        "id",
                                        tuned.info().id(),
                                        "digest",
                                        tuned.info().digest()))));
        ObjectNode answer =
                Json.MAPPER.valueToTree(AdapterObject.of(sources.show(security, adapter, made.visibility())));
        answer.set("extraction", describe(result.extraction(), answer.objectNode()));
        return answer;
    }

    private static RankRule rule(JsonFields fields) {
        OptionalInt rank = fields.integer("rank", 1, LARGEST_RANK);
        OptionalDouble energy = fields.number("energy", 0, 1);
        if (rank.isEmpty() && energy.isEmpty()) {
            throw fields.missing("rank");
        }
        if (energy.isEmpty()) {
            return RankRule.fixed(rank.getAsInt());
        }
        if (energy.getAsDouble() == 0) {
            throw fields.invalid("energy", "expected a number above 0 and at most 1");
        }
        return new RankRule(energy.getAsDouble(), rank.orElse(MOST_BY_ENERGY));
    }

    private static ObjectNode describe(Extraction extraction, ObjectNode node) {
        ArrayNode layers = node.putArray("layers");
        for (Extraction.Layer layer : extraction.layers()) {
            layers.addObject()
                    .put(
                            "module",
                            "model.layers." + layer.target().layer() + "."
                                    + layer.target().projection().path())
                    .put("rank", layer.rank())
                    .put("residual", layer.residual());
        }
        ArrayNode lost = node.putArray("lost");
        for (Extraction.Lost weight : extraction.lost()) {
            lost.addObject().put("weight", weight.weight()).put("change", weight.change());
        }
        return node;
    }
}
