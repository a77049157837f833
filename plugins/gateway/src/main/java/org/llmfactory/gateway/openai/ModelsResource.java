package org.llmfactory.gateway.openai;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.ws.rs.DELETE;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.SecurityContext;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.adapter.AdapterRegistry;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.model.LocalModel;
import org.llmfactory.gateway.model.ModelDirectory;
import org.llmfactory.rest.Callers;

/** The models there are: base models first, then adapters under their names. */
@Path("models")
@Produces(MediaType.APPLICATION_JSON)
public final class ModelsResource {
    private final ModelDirectory directory;

    /** A page that holds everything. */
    record ModelList(String object, List<ModelObject> data) {
        ModelList {
            data = List.copyOf(data);
        }
    }

    /** What is said when one is gone. */
    record DeletedModel(String id, String object, boolean deleted) {}

    public ModelsResource(ModelDirectory directory) {
        this.directory = directory;
    }

    @GET
    public ModelList list() {
        Stream<ModelObject> bases = directory.models().stream().map(model -> ModelObject.of(model.info()));
        Stream<ModelObject> adapters = directory.registry().map(AdapterRegistry::list).orElse(List.of()).stream()
                .flatMap(adapter -> describe(adapter.name(), adapter).stream());
        return new ModelList("list", Stream.concat(bases, adapters).toList());
    }

    /** One model, under whatever name the caller knows it. */
    @GET
    @Path("{model: .+}")
    public ModelObject get(@PathParam("model") String model) {
        Optional<LocalModel> base = directory.model(model);
        if (base.isPresent()) {
            return ModelObject.of(base.get().info());
        }
        return directory
                .registry()
                .flatMap(registry -> registry.find(model))
                .flatMap(adapter -> describe(model, adapter))
                .orElseThrow(() -> unknown(model));
    }

    /** Removes an adapter, as OpenAI's clients remove a fine-tuned model. Requests it is answering are finished. */
    @DELETE
    @Path("{model: .+}")
    public DeletedModel delete(@PathParam("model") String model, @Context SecurityContext security) {
        Callers.requireAdministrator(security);
        if (directory.model(model).isPresent()) {
            throw FactoryException.ofParameter(
                    ErrorCode.INVALID_REQUEST,
                    "model",
                    "'" + model + "' is a base model; only adapters can be deleted here.");
        }
        AdapterRegistry registry = directory.registry().orElseThrow(() -> unknown(model));
        AdapterInfo adapter = registry.find(model).orElseThrow(() -> unknown(model));
        registry.remove(adapter.id());
        return new DeletedModel(model, "model", true);
    }

    private static FactoryException unknown(String model) {
        return FactoryException.ofParameter(
                ErrorCode.MODEL_NOT_FOUND,
                "model",
                "The model '" + model + "' does not exist or you do not have access to it.");
    }

    /** Empty for an adapter whose base model is not here: it cannot answer. */
    private Optional<ModelObject> describe(String id, AdapterInfo adapter) {
        return directory.model(adapter.baseModel()).map(base -> ModelObject.of(id, adapter, base.info()));
    }
}
