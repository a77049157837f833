package org.llmfactory.merger.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.ws.rs.Consumes;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.SecurityContext;
import org.llmfactory.access.Action;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.api.model.Model;
import org.llmfactory.merger.work.AdapterMaker;
import org.llmfactory.merger.work.Portion;
import org.llmfactory.rest.AdapterObject;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.Json;
import org.llmfactory.rest.JsonFields;
import org.llmfactory.rest.Requires;

/** Several adapters made one. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class MergeResource {
    private final AdapterMaker maker;
    private final Sources sources;
    private final Ledger ledger;

    MergeResource(AdapterMaker maker, Sources sources, Ledger ledger) {
        this.maker = maker;
        this.sources = sources;
        this.ledger = ledger;
    }

    /** Merges adapters that the caller may use and answers with the new one when it is registered. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Requires(Action.CREATE_ADAPTER)
    public ObjectNode merge(@Context SecurityContext security, ObjectNode body) {
        Caller caller = Callers.of(security);
        MergeOrder order = MergeOrder.read(JsonFields.of(body));
        sources.checkMayShow(caller, order.made().visibility());
        List<Portion> portions = order.shares().stream()
                .map(share -> new Portion(sources.adapter(caller, share.reference()), share.weight()))
                .toList();
        Model base = sources.base(caller, portions.get(0).adapter());
        checkBase(base, order, portions);
        AdapterInfo adapter = maker.merge(order.made().label(caller), base, portions, order.recipe(), order.seed());
        ledger.record(
                AuditEvent.of("adapter.created", Callers.actor(security), Optional.of(adapter.project()), adapter.id())
                        .with(lineage(adapter, order, portions)));
        return Json.MAPPER.valueToTree(
                AdapterObject.of(sources.show(security, adapter, order.made().visibility())));
    }

    private static void checkBase(Model base, MergeOrder order, List<Portion> portions) {
        for (Portion portion : portions) {
            if (!portion.adapter().baseDigest().equals(base.info().digest())) {
                throw new FactoryException(
                        ErrorCode.ADAPTER_MISMATCH,
                        "The adapter '" + portion.adapter().name() + "' was made for another base model than '"
                                + portions.get(0).adapter().name() + "'.");
            }
        }
        if (order.base().filter(id -> !id.equals(base.info().id())).isPresent()) {
            throw new FactoryException(
                    ErrorCode.ADAPTER_MISMATCH,
                    "The adapters were made for '" + base.info().id() + "', not for '"
                            + order.base().get() + "'.");
        }
    }

    private static Map<String, Object> lineage(AdapterInfo adapter, MergeOrder order, List<Portion> portions) {
        List<Map<String, Object>> origins = portions.stream()
                .map(portion -> Map.<String, Object>of(
                        "id", portion.adapter().id(),
                        "digest", portion.adapter().digest(),
                        "weight", portion.weight()))
                .toList();
        return Map.of(
                "name", adapter.name(),
                "digest", adapter.digest(),
                "strategy", order.recipe().strategy().wireName(),
                "density", order.recipe().density(),
                "seed", order.seed(),
                "merged", origins);
    }
}
