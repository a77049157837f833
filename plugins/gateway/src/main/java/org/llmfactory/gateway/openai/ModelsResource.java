package org.llmfactory.gateway.openai;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.ws.rs.DELETE;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.SecurityContext;
import org.llmfactory.access.Action;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.adapter.AdapterRegistry;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.gateway.governance.Governance;
import org.llmfactory.gateway.model.CatalogueEntry;
import org.llmfactory.gateway.model.ModelCatalogue;
import org.llmfactory.gateway.model.ModelDirectory;
import org.llmfactory.gateway.model.UnknownModel;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.Requires;

/** The models that a caller may use: base models first, then presets, then adapters, under their names. */
@Path("models")
@Produces(MediaType.APPLICATION_JSON)
public final class ModelsResource {
    private final ModelDirectory directory;
    private final ModelCatalogue catalogue;
    private final Governance governance;

    /** A page that holds everything. */
    record ModelList(String object, List<ModelObject> data) {
        ModelList {
            data = List.copyOf(data);
        }
    }

    /** What is said when one is gone. */
    record DeletedModel(String id, String object, boolean deleted) {}

    public ModelsResource(ModelDirectory directory, Governance governance) {
        this.directory = directory;
        this.catalogue = new ModelCatalogue(directory);
        this.governance = governance;
    }

    @GET
    @Requires(Action.LIST_MODELS)
    public ModelList list(@Context SecurityContext security) {
        Caller caller = Callers.of(security);
        return new ModelList(
                "list",
                catalogue.list(caller).stream()
                        .map(entry -> describe(entry, caller))
                        .toList());
    }

    /** One model, under whatever name the caller knows it. */
    @GET
    @Path("{model: .+}")
    @Requires(Action.LIST_MODELS)
    public ModelObject get(@PathParam("model") String model, @Context SecurityContext security) {
        Caller caller = Callers.of(security);
        return catalogue
                .find(caller, model)
                .map(entry -> describe(entry, caller))
                .orElseThrow(() -> UnknownModel.of(model));
    }

    private ModelObject describe(CatalogueEntry entry, Caller caller) {
        boolean served = directory.engines().serve(entry.base(), caller.project());
        return ModelObject.of(entry, caller, served);
    }

    /** Removes an adapter, as OpenAI's clients remove a fine-tuned model. Requests it is answering are finished. */
    @DELETE
    @Path("{model: .+}")
    @Requires(Action.DELETE_ADAPTER)
    public DeletedModel delete(@PathParam("model") String model, @Context SecurityContext security) {
        Caller caller = Callers.of(security);
        catalogue.find(caller, model).ifPresent(entry -> refuseOthers(model, entry));
        AdapterInfo adapter = catalogue.removable(caller, model);
        AdapterRegistry registry = directory.registry().orElseThrow(() -> UnknownModel.of(model));
        governance
                .ledger()
                .record(AuditEvent.of(
                                "adapter.deleted",
                                Callers.actor(security),
                                Optional.of(adapter.project()),
                                adapter.id())
                        .with(Map.of(
                                "name",
                                adapter.name(),
                                "digest",
                                adapter.digest(),
                                "base_model",
                                adapter.baseModel())));
        if (!registry.remove(adapter.id())) {
            throw UnknownModel.of(model);
        }
        return new DeletedModel(model, "model", true);
    }

    private static void refuseOthers(String model, CatalogueEntry entry) {
        if (!(entry instanceof CatalogueEntry.Adapter)) {
            String kind = entry instanceof CatalogueEntry.Base ? "base model" : "preset";
            throw FactoryException.ofParameter(
                    ErrorCode.INVALID_REQUEST,
                    "model",
                    "'" + model + "' is a " + kind + "; only adapters can be deleted here.");
        }
    }
}
