package org.llmfactory.projects.rest.organization;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.User;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.api.project.Preset;
import org.llmfactory.projects.rest.Administration;
import org.llmfactory.projects.rest.Deleted;
import org.llmfactory.projects.rest.Inputs;
import org.llmfactory.projects.rest.Lookup;
import org.llmfactory.projects.rest.Pages;
import org.llmfactory.projects.rest.role.PredefinedRole;
import org.llmfactory.projects.state.Organization;
import org.llmfactory.projects.store.Change;
import org.llmfactory.rest.JsonFields;
import org.llmfactory.rest.Pagination.Page;
import org.llmfactory.rest.Requires;

/** The people of the organization. */
@Path("/users")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class UsersResource {
    private final Administration administration;

    public UsersResource(Administration administration) {
        this.administration = administration;
    }

    /** All of them, or those with the given addresses; SDKs write the parameter in two ways. */
    @GET
    @Requires(Action.READ_ORGANIZATION)
    public Page<UserObject> list(
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after,
            @QueryParam("emails") List<String> emails,
            @QueryParam("emails[]") List<String> bracketed) {
        Set<String> wanted = Stream.concat(emails.stream(), bracketed.stream())
                .map(email -> email.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
        Organization now = administration.now();
        List<User> users = now.users().stream()
                .filter(user -> wanted.isEmpty() || wanted.contains(user.email()))
                .toList();
        return Pages.of(users, limit, after, User::id, user -> UserObject.of(now, user));
    }

    @GET
    @Path("/{user}")
    @Requires(Action.READ_ORGANIZATION)
    public UserObject get(@PathParam("user") String id) {
        Organization now = administration.now();
        return UserObject.of(now, Lookup.user(now, id));
    }

    /** Changes his role, named by {@code role} or {@code role_id}. */
    @POST
    @Path("/{user}")
    @Requires(Action.MANAGE_ORGANIZATION)
    public UserObject update(@Context SecurityContext security, @PathParam("user") String id, ObjectNode body) {
        JsonFields fields = JsonFields.of(body);
        Optional<OrganizationRole> role =
                fields.string("role").or(() -> fields.string("role_id")).map(PredefinedRole::organizationRole);
        administration.change(security, (change, now) -> {
            Lookup.user(now, id);
            role.ifPresent(wanted -> setRole(change, id, wanted));
            return id;
        });
        return get(id);
    }

    private static void setRole(Change change, String id, OrganizationRole role) {
        change.users().setRole(id, role);
        change.enter("user.updated", Optional.empty(), id, Map.of("role", Inputs.word(role)));
    }

    /** Removes him everywhere: his places, his keys, his sessions and his private presets. */
    @DELETE
    @Path("/{user}")
    @Requires(Action.MANAGE_ORGANIZATION)
    public Deleted delete(@Context SecurityContext security, @PathParam("user") String id) {
        administration.change(security, (change, now) -> {
            User user = Lookup.user(now, id);
            change.users().delete(id);
            change.enter("user.deleted", Optional.empty(), id, Map.of("email", user.email()));
            return id;
        });
        List<String> orphans = administration.presets().all().stream()
                .map(versions -> versions.get(0))
                .filter(preset -> preset.owner().equals(id) && preset.visibility() == Visibility.PRIVATE)
                .map(Preset::id)
                .toList();
        if (!orphans.isEmpty()) {
            administration.deletePresets(security, orphans);
        }
        return Deleted.of("organization.user.deleted", id);
    }
}
