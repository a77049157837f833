package org.llmfactory.projects.rest.organization;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import javax.ws.rs.Consumes;
import javax.ws.rs.DELETE;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.QueryParam;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.SecurityContext;
import org.jspecify.annotations.Nullable;
import org.llmfactory.access.Action;
import org.llmfactory.access.Resource;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.ApiKey;
import org.llmfactory.api.identity.ApiKeys;
import org.llmfactory.api.identity.Area;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.KeyScope;
import org.llmfactory.projects.rest.Administration;
import org.llmfactory.projects.rest.Deleted;
import org.llmfactory.projects.rest.Inputs;
import org.llmfactory.projects.rest.KeyOrders;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.JsonFields;
import org.llmfactory.rest.Pagination;
import org.llmfactory.rest.Pagination.Page;
import org.llmfactory.rest.Requires;

/** The administrators' keys. */
@Path("/admin_api_keys")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class AdminKeysResource {
    private static final int DEFAULT_LIMIT = 20;
    private static final int MAXIMUM_LIMIT = 100;

    private final Administration administration;
    private final KeyOrders orders;

    public AdminKeysResource(Administration administration) {
        this.administration = administration;
        this.orders = new KeyOrders(administration.keys());
    }

    @GET
    @Requires(Action.MANAGE_ADMIN_KEYS)
    public Page<AdminKeyObject> list(
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after,
            @QueryParam("order") @Nullable String order) {
        List<AdminKeyObject> keys = administration.keys().list(Optional.empty()).stream()
                .map(key -> shown(key, Optional.empty()))
                .toList();
        return Pagination.page(
                keys,
                Pagination.Query.of(limit, DEFAULT_LIMIT, MAXIMUM_LIMIT, after, null, order, false),
                AdminKeyObject::id);
    }

    private AdminKeyObject shown(ApiKey key, Optional<String> value) {
        return AdminKeyObject.of(administration.now(), key, value);
    }

    /** Makes a key of the caller's. */
    @POST
    @Requires(Action.MANAGE_ADMIN_KEYS)
    public AdminKeyObject create(@Context SecurityContext security, ObjectNode body) {
        JsonFields fields = JsonFields.of(body);
        Caller caller = Callers.of(security);
        ApiKeys.Issued issued = administration
                .keys()
                .issue(
                        new ApiKeys.Order(
                                ApiKey.Kind.ADMIN,
                                Inputs.name(fields, "name"),
                                caller.id(),
                                Optional.empty(),
                                KeyScope.of(EnumSet.of(Area.ADMINISTRATION, Area.REPORTS, Area.PLATFORM)),
                                orders.expiry(caller, fields)),
                        Callers.actor(security));
        return shown(issued.key(), Optional.of(issued.value()));
    }

    @GET
    @Path("/{key}")
    @Requires(Action.MANAGE_ADMIN_KEYS)
    public AdminKeyObject get(@PathParam("key") String id) {
        return shown(find(id), Optional.empty());
    }

    private ApiKey find(String id) {
        return administration
                .keys()
                .find(id)
                .filter(key -> key.project().isEmpty())
                .orElseThrow(() -> Resource.unknown(Resource.Kind.API_KEY, id));
    }

    @DELETE
    @Path("/{key}")
    @Requires(Action.MANAGE_ADMIN_KEYS)
    public Deleted delete(@Context SecurityContext security, @PathParam("key") String id) {
        find(id);
        administration.keys().revoke(id, Callers.actor(security));
        return Deleted.of("organization.admin_api_key.deleted", id);
    }

    /** A new secret, told to the key's owner alone: whoever had it could act in his name. */
    @POST
    @Path("/{key}/rotate")
    @Requires(Action.MANAGE_ADMIN_KEYS)
    public AdminKeyObject rotate(@Context SecurityContext security, @PathParam("key") String id, ObjectNode body) {
        Duration overlap = KeyOrders.overlap(JsonFields.of(body));
        ApiKey key = find(id);
        Caller caller = Callers.of(security);
        if (!key.owner().equals(caller.id())) {
            throw new FactoryException(
                    ErrorCode.PERMISSION_DENIED, "Only its owner is given a new secret for a key; delete it instead.");
        }
        orders.requireNarrower(caller, key);
        ApiKeys.Issued issued = administration
                .keys()
                .rotate(id, overlap, Callers.actor(security))
                .orElseThrow(() -> Resource.unknown(Resource.Kind.API_KEY, id));
        return shown(issued.key(), Optional.of(issued.value()));
    }
}
