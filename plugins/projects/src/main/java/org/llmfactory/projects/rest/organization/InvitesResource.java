package org.llmfactory.projects.rest.organization;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.database.Ids;
import org.llmfactory.projects.rest.Administration;
import org.llmfactory.projects.rest.Deleted;
import org.llmfactory.projects.rest.Inputs;
import org.llmfactory.projects.rest.Lookup;
import org.llmfactory.projects.rest.Pages;
import org.llmfactory.projects.state.Invitation;
import org.llmfactory.projects.state.Organization;
import org.llmfactory.projects.store.LinkSecrets;
import org.llmfactory.rest.JsonFields;
import org.llmfactory.rest.Pagination.Page;
import org.llmfactory.rest.Requires;

/** The invitations. */
@Path("/invites")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class InvitesResource {
    private static final Duration VALID = Duration.ofDays(7);
    private static final int MAXIMUM_PROJECTS = 100;

    private final Administration administration;

    public InvitesResource(Administration administration) {
        this.administration = administration;
    }

    @GET
    @Requires(Action.READ_ORGANIZATION)
    public Page<InviteObject> list(
            @QueryParam("limit") @Nullable String limit, @QueryParam("after") @Nullable String after) {
        return Pages.of(
                administration.now().invitations(),
                limit,
                after,
                Invitation::id,
                invitation -> InviteObject.of(invitation, Optional.empty()));
    }

    /** Invites a person. The link that lets him in is in the answer, and nowhere else. */
    @POST
    @Requires(Action.MANAGE_ORGANIZATION)
    public InviteObject create(@Context SecurityContext security, ObjectNode body) {
        JsonFields fields = JsonFields.of(body);
        String secret = LinkSecrets.secret();
        Instant when = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        Invitation invitation = new Invitation(
                Ids.next("invite-"),
                Inputs.email(fields, "email"),
                role(fields),
                projects(fields),
                when,
                when.plus(VALID),
                Optional.empty());
        administration.change(security, (change, now) -> {
            check(now, invitation);
            change.invitations().insert(invitation, secret);
            change.enter(
                    "invite.sent",
                    Optional.empty(),
                    invitation.id(),
                    Map.of("email", invitation.email(), "role", Inputs.word(invitation.role())));
            return invitation;
        });
        return InviteObject.of(invitation, Optional.of("/auth/accept?token=" + secret));
    }

    private static OrganizationRole role(JsonFields fields) {
        OrganizationRole role = Inputs.word(fields, "role", OrganizationRole.class);
        if (role == OrganizationRole.NONE) {
            throw fields.invalid("role", "expected 'owner' or 'reader'");
        }
        return role;
    }

    private static Map<String, ProjectRole> projects(JsonFields fields) {
        Map<String, ProjectRole> projects = new TreeMap<>();
        for (JsonFields place : fields.objects("projects", MAXIMUM_PROJECTS)) {
            projects.put(place.requiredString("id"), Inputs.word(place, "role", ProjectRole.class));
        }
        return projects;
    }

    private static void check(Organization now, Invitation invitation) {
        invitation.projects().keySet().forEach(project -> Lookup.activeProject(now, project));
        boolean open = now.invitations().stream()
                .anyMatch(known -> known.email().equals(invitation.email()) && known.open(invitation.created()));
        if (open || now.userByEmail(invitation.email()).isPresent()) {
            throw new FactoryException(
                    ErrorCode.CONFLICT,
                    open
                            ? "There is an open invitation for this address; delete it to invite anew."
                            : "A person with this address belongs to the organization already.");
        }
    }

    @GET
    @Path("/{invite}")
    @Requires(Action.READ_ORGANIZATION)
    public InviteObject get(@PathParam("invite") String id) {
        return InviteObject.of(Lookup.invitation(administration.now(), id), Optional.empty());
    }

    /** Takes an invitation back that nobody has accepted. */
    @DELETE
    @Path("/{invite}")
    @Requires(Action.MANAGE_ORGANIZATION)
    public Deleted delete(@Context SecurityContext security, @PathParam("invite") String id) {
        administration.change(security, (change, now) -> {
            Invitation invitation = Lookup.invitation(now, id);
            if (invitation.accepted().isPresent()) {
                throw new FactoryException(
                        ErrorCode.CONFLICT, "This invitation has been accepted; remove the user instead.");
            }
            change.invitations().delete(id);
            change.enter("invite.deleted", Optional.empty(), id, Map.of("email", invitation.email()));
            return id;
        });
        return Deleted.of("organization.invite.deleted", id);
    }
}
