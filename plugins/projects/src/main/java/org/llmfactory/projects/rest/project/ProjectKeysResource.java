package org.llmfactory.projects.rest.project;

import com.fasterxml.jackson.databind.node.ObjectNode;
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
import org.llmfactory.access.AccessPolicy;
import org.llmfactory.access.Action;
import org.llmfactory.access.Resource;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.ApiKey;
import org.llmfactory.api.identity.ApiKeys;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.projects.rest.Administration;
import org.llmfactory.projects.rest.Deleted;
import org.llmfactory.projects.rest.Inputs;
import org.llmfactory.projects.rest.KeyOrders;
import org.llmfactory.projects.rest.Lookup;
import org.llmfactory.projects.rest.Pages;
import org.llmfactory.projects.state.Organization;
import org.llmfactory.projects.state.ServiceAccount;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.JsonFields;
import org.llmfactory.rest.Pagination.Page;
import org.llmfactory.rest.Requires;

/** The keys of a project. Its maintainers see all of them, everyone else his own. */
@Path("/projects/{project}/api_keys")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class ProjectKeysResource {
    private final Administration administration;
    private final KeyOrders orders;

    public ProjectKeysResource(Administration administration) {
        this.administration = administration;
        this.orders = new KeyOrders(administration.keys());
    }

    @GET
    @Requires(Action.READ_KEYS)
    public Page<ProjectKeyObject> list(
            @Context SecurityContext security,
            @PathParam("project") String project,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after) {
        Organization now = administration.now();
        Lookup.project(now, project);
        Caller caller = Callers.of(security);
        List<ApiKey> keys = administration.keys().list(Optional.of(project)).stream()
                .filter(key -> AccessPolicy.allows(caller, Action.READ_KEYS, Resource.of(key)))
                .toList();
        return Pages.of(keys, limit, after, ApiKey::id, key -> ProjectKeyObject.of(now, key, Optional.empty()));
    }

    /** Makes a key of the caller's own: our extension, OpenAI has it in its pages only. */
    @POST
    @Requires(Action.CREATE_KEY)
    public ProjectKeyObject create(
            @Context SecurityContext security, @PathParam("project") String project, ObjectNode body) {
        Caller caller = Callers.of(security);
        AccessPolicy.check(
                caller,
                Action.CREATE_KEY,
                Resource.owned(project, Resource.Kind.PROJECT, project, caller.id(), Visibility.PROJECT));
        Lookup.activeProject(administration.now(), project);
        JsonFields fields = JsonFields.of(body);
        ApiKeys.Order order = new ApiKeys.Order(
                kind(caller, fields),
                Inputs.name(fields, "name"),
                caller.id(),
                Optional.of(project),
                orders.scope(caller, fields),
                orders.expiry(caller, fields));
        return shown(administration.keys().issue(order, Callers.actor(security)));
    }

    private static ApiKey.Kind kind(Caller caller, JsonFields fields) {
        if (fields.flag("publishable", false)) {
            return ApiKey.Kind.PUBLISHABLE;
        }
        return caller.kind() == Caller.Kind.SERVICE_ACCOUNT ? ApiKey.Kind.SERVICE_ACCOUNT : ApiKey.Kind.USER;
    }

    private ProjectKeyObject shown(ApiKeys.Issued issued) {
        return ProjectKeyObject.of(administration.now(), issued.key(), Optional.of(issued.value()));
    }

    @GET
    @Path("/{key}")
    @Requires(Action.READ_KEYS)
    public ProjectKeyObject get(
            @Context SecurityContext security, @PathParam("project") String project, @PathParam("key") String id) {
        ApiKey key = find(project, id);
        AccessPolicy.check(Callers.of(security), Action.READ_KEYS, Resource.of(key));
        return ProjectKeyObject.of(administration.now(), key, Optional.empty());
    }

    private ApiKey find(String project, String id) {
        return administration
                .keys()
                .find(id)
                .filter(key -> key.project().equals(Optional.of(project)))
                .orElseThrow(() -> Resource.unknown(Resource.Kind.API_KEY, id));
    }

    /** Revokes a person's key at once. */
    @DELETE
    @Path("/{key}")
    @Requires(Action.REVOKE_KEY)
    public Deleted revoke(
            @Context SecurityContext security, @PathParam("project") String project, @PathParam("key") String id) {
        ApiKey key = find(project, id);
        AccessPolicy.check(Callers.of(security), Action.REVOKE_KEY, Resource.of(key));
        if (key.kind() == ApiKey.Kind.SERVICE_ACCOUNT) {
            throw new FactoryException(
                    ErrorCode.INVALID_REQUEST,
                    "This key belongs to the service account '" + key.owner() + "': delete the account, or the key at"
                            + " …/service_accounts/" + key.owner() + "/api_keys/" + id + ".");
        }
        administration.keys().revoke(id, Callers.actor(security));
        return Deleted.of("organization.project.api_key.deleted", id);
    }

    /**
     * A new secret for a key: our extension. It is told to the key's owner alone, or for a service account to those who
     * look after it, since whoever has it acts in the owner's name.
     */
    @POST
    @Path("/{key}/rotate")
    @Requires(Action.REVOKE_KEY)
    public ProjectKeyObject rotate(
            @Context SecurityContext security,
            @PathParam("project") String project,
            @PathParam("key") String id,
            ObjectNode body) {
        ApiKey key = find(project, id);
        Caller caller = Callers.of(security);
        checkRotation(caller, key, project);
        orders.requireNarrower(caller, key);
        return administration
                .keys()
                .rotate(id, KeyOrders.overlap(JsonFields.of(body)), Callers.actor(security))
                .map(this::shown)
                .orElseThrow(() -> Resource.unknown(Resource.Kind.API_KEY, id));
    }

    private void checkRotation(Caller caller, ApiKey key, String project) {
        Optional<ServiceAccount> account = administration
                .now()
                .serviceAccount(key.owner())
                .filter(known -> !known.id().equals(caller.id()));
        if (account.isPresent()) {
            AccessPolicy.check(caller, Action.MANAGE_SERVICE_ACCOUNTS, Resource.project(project));
            ServiceAccountKeys.checkRank(caller, account.get());
        } else {
            AccessPolicy.check(caller, Action.CREATE_KEY, Resource.of(key));
        }
    }
}
