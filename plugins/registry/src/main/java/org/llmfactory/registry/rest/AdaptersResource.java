package org.llmfactory.registry.rest;

import java.io.InputStream;
import java.util.List;
import javax.ws.rs.Consumes;
import javax.ws.rs.DELETE;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.HttpHeaders;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.SecurityContext;
import org.llmfactory.api.adapter.AdapterRegistry;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.rest.Callers;

/** The catalogue of adapters; changed by administrators. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class AdaptersResource {
    private final AdapterRegistry adapters;

    AdaptersResource(AdapterRegistry adapters) {
        this.adapters = adapters;
    }

    /** A list in OpenAI's shape. */
    public record AdapterList(String object, List<AdapterObject> data) {}

    /** What was removed. */
    public record Removed(String id, String object, boolean deleted) {}

    @GET
    public AdapterList list(@Context SecurityContext security) {
        Callers.of(security);
        return new AdapterList(
                "list", adapters.list().stream().map(AdapterObject::of).toList());
    }

    @GET
    @Path("/{reference}")
    public AdapterObject get(@Context SecurityContext security, @PathParam("reference") String reference) {
        Callers.of(security);
        return adapters.find(reference).map(AdapterObject::of).orElseThrow(() -> unknown(reference));
    }

    /** Registers the adapter whose parts are {@code name}, {@code base_model}, and the files {@code config}, {@code weights}. */
    @POST
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    public AdapterObject register(@Context SecurityContext security, @Context HttpHeaders headers, InputStream body) {
        Callers.requireAdministrator(security);
        try (AdapterUpload upload = AdapterUpload.read(headers.getHeaderString(HttpHeaders.CONTENT_TYPE), body)) {
            return AdapterObject.of(
                    adapters.register(upload.name(), upload.baseModel(), upload.configuration(), upload.weights()));
        }
    }

    @DELETE
    @Path("/{reference}")
    public Removed remove(@Context SecurityContext security, @PathParam("reference") String reference) {
        Callers.requireAdministrator(security);
        if (!adapters.remove(reference)) {
            throw unknown(reference);
        }
        return new Removed(reference, "adapter", true);
    }

    private static FactoryException unknown(String reference) {
        return new FactoryException(ErrorCode.MODEL_NOT_FOUND, "The adapter '" + reference + "' does not exist.");
    }
}
