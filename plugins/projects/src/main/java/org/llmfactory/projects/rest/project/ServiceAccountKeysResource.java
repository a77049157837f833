package org.llmfactory.projects.rest.project;

import com.fasterxml.jackson.databind.node.ObjectNode;
import javax.ws.rs.Consumes;
import javax.ws.rs.DELETE;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.SecurityContext;
import org.llmfactory.access.Action;
import org.llmfactory.access.Resource;
import org.llmfactory.api.identity.ApiKey;
import org.llmfactory.api.identity.ApiKeys;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.projects.rest.Administration;
import org.llmfactory.projects.rest.Deleted;
import org.llmfactory.projects.rest.Lookup;
import org.llmfactory.projects.state.Organization;
import org.llmfactory.projects.state.ServiceAccount;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.JsonFields;
import org.llmfactory.rest.Requires;

/** The keys of a service account. */
@Path("/projects/{project}/service_accounts/{account}/api_keys")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class ServiceAccountKeysResource {
    private final Administration administration;
    private final ServiceAccountKeys keys;

    public ServiceAccountKeysResource(Administration administration) {
        this.administration = administration;
        this.keys = new ServiceAccountKeys(administration.keys());
    }

    /** Makes one more key; its secret is in the answer, and nowhere else. */
    @POST
    @Requires(Action.MANAGE_SERVICE_ACCOUNTS)
    public ServiceAccountKeyObject create(
            @Context SecurityContext security,
            @PathParam("project") String project,
            @PathParam("account") String id,
            ObjectNode body) {
        Caller caller = Callers.of(security);
        ServiceAccount account = find(caller, project, id);
        ApiKeys.Order order = keys.order(caller, account, JsonFields.of(body));
        return ServiceAccountKeyObject.of(administration.keys().issue(order, Callers.actor(security)));
    }

    private ServiceAccount find(Caller caller, String project, String id) {
        Organization now = administration.now();
        Lookup.activeProject(now, project);
        ServiceAccount account = Lookup.serviceAccount(now, project, id);
        ServiceAccountKeys.checkRank(caller, account);
        return account;
    }

    /** Revokes one key; the account keeps the others. */
    @DELETE
    @Path("/{key}")
    @Requires(Action.MANAGE_SERVICE_ACCOUNTS)
    public Deleted revoke(
            @Context SecurityContext security,
            @PathParam("project") String project,
            @PathParam("account") String id,
            @PathParam("key") String key) {
        ServiceAccount account = find(Callers.of(security), project, id);
        ApiKey known = administration
                .keys()
                .find(key)
                .filter(found -> found.owner().equals(account.id()))
                .orElseThrow(() -> Resource.unknown(Resource.Kind.API_KEY, key));
        administration.keys().revoke(known.id(), Callers.actor(security));
        return Deleted.of("organization.project.service_account.api_key.deleted", key);
    }
}
