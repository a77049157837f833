package org.llmfactory.projects.rest.project;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
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
import org.llmfactory.api.identity.ApiKeys;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.database.Ids;
import org.llmfactory.projects.rest.Administration;
import org.llmfactory.projects.rest.Deleted;
import org.llmfactory.projects.rest.Inputs;
import org.llmfactory.projects.rest.Lookup;
import org.llmfactory.projects.rest.Pages;
import org.llmfactory.projects.state.Organization;
import org.llmfactory.projects.state.ServiceAccount;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.JsonFields;
import org.llmfactory.rest.Pagination.Page;
import org.llmfactory.rest.Requires;

/** The programs that belong to a project. */
@Path("/projects/{project}/service_accounts")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class ServiceAccountsResource {
    private final Administration administration;
    private final ServiceAccountKeys keys;

    public ServiceAccountsResource(Administration administration) {
        this.administration = administration;
        this.keys = new ServiceAccountKeys(administration.keys());
    }

    @GET
    @Requires(Action.READ_MEMBERS)
    public Page<ServiceAccountObject> list(
            @PathParam("project") String project,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after) {
        Organization now = administration.now();
        Lookup.project(now, project);
        List<ServiceAccount> accounts = now.serviceAccounts().stream()
                .filter(account -> account.project().equals(project))
                .toList();
        return Pages.of(accounts, limit, after, ServiceAccount::id, ServiceAccountsResource::shown);
    }

    private static ServiceAccountObject shown(ServiceAccount account) {
        return ServiceAccountObject.of(account, Optional.empty());
    }

    /** Makes one, with a first key unless {@code create_service_account_only}. */
    @POST
    @Requires(Action.MANAGE_SERVICE_ACCOUNTS)
    public ServiceAccountObject create(
            @Context SecurityContext security, @PathParam("project") String project, ObjectNode body) {
        JsonFields fields = JsonFields.of(body);
        ServiceAccount account = new ServiceAccount(
                Ids.next("svc_acct_"),
                project,
                Inputs.name(fields, "name"),
                Inputs.optionalWord(fields, "role", ProjectRole.class).orElse(ProjectRole.MEMBER),
                Instant.now().truncatedTo(ChronoUnit.MILLIS));
        if (account.role() == ProjectRole.OWNER) {
            throw fields.invalid("role", "a service account is made as 'member', 'maintainer' or 'viewer'");
        }
        Optional<ApiKeys.Order> order = fields.flag("create_service_account_only", false)
                ? Optional.empty()
                : Optional.of(keys.order(Callers.of(security), account, JsonFields.of(body)));
        administration.change(security, (change, now) -> {
            Lookup.activeProject(now, project);
            change.serviceAccounts().insert(account);
            change.enter("service_account.created", Optional.of(project), account.id(), details(account));
            return account;
        });
        return ServiceAccountObject.of(
                account, order.map(wanted -> administration.keys().issue(wanted, Callers.actor(security))));
    }

    private static Map<String, Object> details(ServiceAccount account) {
        return Map.of("name", account.name(), "role", Inputs.word(account.role()));
    }

    @GET
    @Path("/{account}")
    @Requires(Action.READ_MEMBERS)
    public ServiceAccountObject get(@PathParam("project") String project, @PathParam("account") String id) {
        return shown(Lookup.serviceAccount(administration.now(), project, id));
    }

    /** Changes its name or role. Who is no owner of the project makes no owner, and touches none. */
    @POST
    @Path("/{account}")
    @Requires(Action.MANAGE_SERVICE_ACCOUNTS)
    public ServiceAccountObject update(
            @Context SecurityContext security,
            @PathParam("project") String project,
            @PathParam("account") String id,
            ObjectNode body) {
        JsonFields fields = JsonFields.of(body);
        Optional<String> name = Inputs.optionalName(fields, "name");
        Optional<ProjectRole> role = Inputs.optionalWord(fields, "role", ProjectRole.class);
        return administration.change(security, (change, now) -> {
            Lookup.activeProject(now, project);
            ServiceAccount account = Lookup.serviceAccount(now, project, id);
            ServiceAccount changed = new ServiceAccount(
                    id, project, name.orElse(account.name()), role.orElse(account.role()), account.created());
            ServiceAccountKeys.checkRank(Callers.of(security), account);
            ServiceAccountKeys.checkRank(Callers.of(security), changed);
            if (!changed.equals(account)) {
                change.serviceAccounts().update(changed);
                change.enter("service_account.updated", Optional.of(project), id, details(changed));
            }
            return shown(changed);
        });
    }

    /** Removes it; its keys are revoked. */
    @DELETE
    @Path("/{account}")
    @Requires(Action.MANAGE_SERVICE_ACCOUNTS)
    public Deleted delete(
            @Context SecurityContext security, @PathParam("project") String project, @PathParam("account") String id) {
        administration.change(security, (change, now) -> {
            Lookup.activeProject(now, project);
            ServiceAccount account = Lookup.serviceAccount(now, project, id);
            ServiceAccountKeys.checkRank(Callers.of(security), account);
            change.serviceAccounts().delete(id);
            change.enter("service_account.deleted", Optional.of(project), id, details(account));
            return id;
        });
        return Deleted.of("organization.project.service_account.deleted", id);
    }
}
