package org.llmfactory.launcher.command;

import static org.llmfactory.launcher.admin.AdminClient.organization;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.llmfactory.launcher.admin.AdminClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/** The people of the organization. */
@Command(
        name = "user",
        description = "The people of the organization, and their invitations.",
        scope = ScopeType.INHERIT,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./factory user invite ada@example.org --project research:maintainer",
            "  ./factory user role ada@example.org owner",
            "  ./factory user role ada@example.org viewer --project research"
        })
final class UserCommand extends AdminCommand {
    private static final String USER = "USER";
    private static final String REFERENCE = "The person's address or id.";

    @Command(name = "list", description = "List the people, or with --invites the invitations.")
    int list(@Option(names = "--invites", description = "The invitations instead.") boolean invites)
            throws InterruptedException {
        return invites
                ? list(
                        admin().list(organization("invites")),
                        "id",
                        "email",
                        "role",
                        "status",
                        "created_at",
                        "expires_at")
                : list(admin().list(organization("users")), "id", "email", "name", "role", "added_at");
    }

    @Command(name = "invite", description = "Invite a person; the link to accept with is on the last line.")
    int invite(
            @Parameters(paramLabel = "ADDRESS", description = "The person's e-mail address.") String email,
            @Option(
                            names = "--role",
                            defaultValue = "reader",
                            description = "In the organization: owner or reader (default: ${DEFAULT-VALUE}).")
                    String role,
            @Option(
                            names = "--project",
                            split = ",",
                            paramLabel = "PROJECT[:ROLE]",
                            description = "Projects the person joins, as member unless said otherwise.")
                    @Nullable
                    List<String> projects)
            throws InterruptedException {
        AdminClient admin = admin();
        List<Map<String, String>> memberships = new ArrayList<>();
        for (String project : projects == null ? List.<String>of() : projects) {
            int colon = project.lastIndexOf(':');
            String name = colon < 0 ? project : project.substring(0, colon);
            memberships.add(
                    Map.of("id", admin.project(name), "role", colon < 0 ? "member" : project.substring(colon + 1)));
        }
        Fields fields = new Fields().put("email", email).put("role", role).put("projects", memberships);
        JsonNode invite = admin.agent().post(organization("invites"), fields.map());
        return done("Invited " + email + ". The link works once:", link(admin, invite), invite);
    }

    /** The link as the server states it, which may leave out the host. */
    private static String link(AdminClient admin, JsonNode invite) {
        String link = invite.path("accept_url").asText();
        return link.startsWith("/") ? admin.agent().url() + link : link;
    }

    @Command(name = "role", description = "Change a person's role in the organization, or with --project in a project.")
    int role(
            @Parameters(paramLabel = USER, description = REFERENCE) String reference,
            @Parameters(
                            paramLabel = "ROLE",
                            description = "owner or reader; in a project: owner, maintainer, member or viewer.")
                    String role,
            @Option(names = "--project", description = "The project's name or id.") @Nullable String project)
            throws InterruptedException {
        AdminClient admin = admin();
        String path;
        if (project == null) {
            path = organization("users", admin.user(reference));
        } else {
            String id = admin.project(project);
            path = organization("projects", id, "users", admin.member(id, reference));
        }
        return done(reference + " is " + role + " now", admin.agent().post(path, Map.of("role", role)));
    }

    @Command(
            name = "remove",
            description =
                    "Remove a person from the organization: sessions end, keys stop working. Or take an invitation"
                            + " back, by its id.")
    int remove(@Parameters(paramLabel = USER, description = REFERENCE) String reference) throws InterruptedException {
        AdminClient admin = admin();
        String path = reference.startsWith("invite-")
                ? organization("invites", reference)
                : organization("users", admin.user(reference));
        return done("Removed " + reference, admin.agent().delete(path));
    }

    @Command(name = "show", description = "Show a person.")
    int show(@Parameters(paramLabel = USER, description = REFERENCE) String reference) throws InterruptedException {
        AdminClient admin = admin();
        JsonNode user = admin.agent().get(organization("users", admin.user(reference)));
        return show(user, "id", "email", "name", "role", "added_at", "projects.data");
    }
}
