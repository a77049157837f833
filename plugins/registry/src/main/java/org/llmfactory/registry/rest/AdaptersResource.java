package org.llmfactory.registry.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
import org.llmfactory.access.AccessPolicy;
import org.llmfactory.access.Action;
import org.llmfactory.access.Resource;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.adapter.AdapterRegistry;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.rest.AdapterObject;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.JsonFields;
import org.llmfactory.rest.Requires;

/** The catalogue of adapters, as far as a caller may see and change it. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class AdaptersResource {
    private final AdapterRegistry registry;
    private final VisibleAdapters visible;
    private final Ledger ledger;

    AdaptersResource(AdapterRegistry registry, VisibleAdapters visible, Ledger ledger) {
        this.registry = registry;
        this.visible = visible;
        this.ledger = ledger;
    }

    /** A list in OpenAI's shape. */
    public record AdapterList(String object, List<AdapterObject> data) {}

    /** What was removed. */
    public record Removed(String id, String object, boolean deleted) {}

    @GET
    @Requires(Action.READ_ADAPTER)
    public AdapterList list(@Context SecurityContext security) {
        return new AdapterList(
                "list",
                visible.list(Callers.of(security)).stream()
                        .map(AdapterObject::of)
                        .toList());
    }

    @GET
    @Path("/{reference}")
    @Requires(Action.READ_ADAPTER)
    public AdapterObject get(@Context SecurityContext security, @PathParam("reference") String reference) {
        return AdapterObject.of(visible.require(Callers.of(security), reference));
    }

    /**
     * Registers the adapter whose parts are {@code name}, {@code base_model}, the files {@code config}, {@code weights},
     * and {@code visibility}, which is {@code private} unless said otherwise.
     */
    @POST
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    @Requires(Action.CREATE_ADAPTER)
    public AdapterObject register(@Context SecurityContext security, @Context HttpHeaders headers, InputStream body) {
        Caller caller = Callers.of(security);
        try (AdapterUpload upload = AdapterUpload.read(headers.getHeaderString(HttpHeaders.CONTENT_TYPE), body)) {
            Visibility visibility =
                    upload.visibility().map(AdapterObject::visibility).orElse(Visibility.PRIVATE);
            AdapterRegistry.Label label =
                    new AdapterRegistry.Label(upload.name(), caller.project(), caller.id(), Visibility.PRIVATE);
            AdapterInfo adapter =
                    registry.register(label, upload.baseModel(), upload.configuration(), upload.weights());
            ledger.record(event("adapter.created", security, adapter)
                    .with(Map.of("name", adapter.name(), "digest", adapter.digest())));
            return AdapterObject.of(
                    upload.visibility().isPresent() ? show(security, adapter, upload.name(), visibility) : adapter);
        }
    }

    /** Shows an adapter to others or hides it: {@code {"visibility": "private" | "project" | "public"}}. */
    @POST
    @Path("/{reference}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Requires(Action.UPDATE_ADAPTER)
    public AdapterObject update(
            @Context SecurityContext security, @PathParam("reference") String reference, ObjectNode body) {
        Visibility visibility = AdapterObject.visibility(JsonFields.of(body).requiredString("visibility"));
        AdapterInfo adapter = visible.require(Callers.of(security), reference);
        return AdapterObject.of(show(security, adapter, reference, visibility));
    }

    /** Removes an adapter. Requests it is answering are finished. */
    @DELETE
    @Path("/{reference}")
    @Requires(Action.DELETE_ADAPTER)
    public Removed remove(@Context SecurityContext security, @PathParam("reference") String reference) {
        AdapterInfo adapter = visible.require(Callers.of(security), reference);
        AccessPolicy.check(Callers.of(security), Action.DELETE_ADAPTER, Resource.of(adapter), reference);
        ledger.record(event("adapter.deleted", security, adapter).with(Map.of("digest", adapter.digest())));
        registry.remove(adapter.id());
        return new Removed(reference, "adapter", true);
    }

    private AdapterInfo show(SecurityContext security, AdapterInfo adapter, String reference, Visibility visibility) {
        if (adapter.visibility() == visibility) {
            return adapter;
        }
        boolean published = visibility == Visibility.PUBLIC || adapter.visibility() == Visibility.PUBLIC;
        Action action = published ? Action.PUBLISH : Action.UPDATE_ADAPTER;
        if (published) {
            // Publishing is the organization's business, whoever owns the adapter.
            AccessPolicy.check(Callers.of(security), action, Resource.organization());
        } else {
            AccessPolicy.check(Callers.of(security), action, Resource.of(adapter), reference);
        }
        if (visibility != Visibility.PRIVATE
                && registry.rival(adapter, visibility).isPresent()) {
            throw new FactoryException(
                    ErrorCode.CONFLICT,
                    "There is another adapter named '" + adapter.name()
                            + "' for those you would show this one to; register it under another name.");
        }
        ledger.record(event("adapter.updated", security, adapter)
                .with(Map.of("visibility", visibility.name().toLowerCase(Locale.ROOT))));
        return registry.show(adapter.id(), visibility)
                .orElseThrow(() -> Resource.unknown(Resource.Kind.ADAPTER, reference));
    }

    private static AuditEvent event(String type, SecurityContext security, AdapterInfo adapter) {
        return AuditEvent.of(type, Callers.actor(security), Optional.of(adapter.project()), adapter.id());
    }
}
