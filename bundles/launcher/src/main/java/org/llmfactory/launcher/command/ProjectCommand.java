package org.llmfactory.launcher.command;

import static org.llmfactory.launcher.admin.AdminClient.organization;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.llmfactory.launcher.admin.AdminClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/** Projects: who belongs to them, and what has been decided for them. */
@Command(
        name = "project",
        description = "Projects, their members, limits, budgets and settings.",
        scope = ScopeType.INHERIT,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./factory project create research",
            "  ./factory project add-member research ada@example.org --role maintainer",
            "  ./factory project set-limit research --rpm 600 --tpm 200000",
            "  ./factory project set-budget research --tokens 5000000 --per month",
            "  ./factory project set research --content-policy strict --chat-retention 30d"
        },
        subcommands = ProjectSetCommand.class)
final class ProjectCommand extends AdminCommand {
    private static final String REFERENCE = "Its name or id.";
    private static final String PROJECT = "PROJECT";
    private static final String USER = "USER";

    @Command(name = "list", description = "List the projects.")
    int list(@Option(names = "--archived", description = "The archived ones too.") boolean archived)
            throws InterruptedException {
        String query = "include_archived=" + archived;
        return list(
                admin().list(organization("projects"), List.of(query), Integer.MAX_VALUE),
                "id",
                "name",
                "status",
                "created_at");
    }

    @Command(name = "create", description = "Create a project; its id is on the last line.")
    int create(@Parameters(paramLabel = "NAME", description = "What people call it.") String name)
            throws InterruptedException {
        JsonNode project = admin().agent().post(organization("projects"), Map.of("name", name));
        return done("Created project " + name, project.path("id").asText(), project);
    }

    @Command(name = "show", description = "Show a project.")
    int show(@Parameters(paramLabel = PROJECT, description = REFERENCE) String reference) throws InterruptedException {
        AdminClient admin = admin();
        return show(admin.agent().get(organization("projects", admin.project(reference))));
    }

    @Command(name = "archive", description = "Archive a project: its keys stop working; this cannot be undone.")
    int archive(@Parameters(paramLabel = PROJECT, description = REFERENCE) String reference)
            throws InterruptedException {
        AdminClient admin = admin();
        String path = organization("projects", admin.project(reference), "archive");
        return done("Archived project " + reference, admin.agent().post(path, Map.of()));
    }

    @Command(name = "members", description = "List the people of a project.")
    int members(@Parameters(paramLabel = PROJECT, description = REFERENCE) String reference)
            throws InterruptedException {
        AdminClient admin = admin();
        return list(
                admin.list(organization("projects", admin.project(reference), "users")),
                "id",
                "email",
                "name",
                "role",
                "added_at");
    }

    @Command(name = "add-member", description = "Let a person into a project.")
    int addMember(
            @Parameters(paramLabel = PROJECT, description = REFERENCE) String reference,
            @Parameters(paramLabel = USER, description = "The person's address or id.") String user,
            @Option(
                            names = "--role",
                            defaultValue = "member",
                            description = "owner, maintainer, member or viewer (default: ${DEFAULT-VALUE}).")
                    String role)
            throws InterruptedException {
        AdminClient admin = admin();
        String path = organization("projects", admin.project(reference), "users");
        Fields person =
                user.contains("@") ? new Fields().put("email", user) : new Fields().put("user_id", admin.user(user));
        JsonNode member = admin.agent().post(path, person.put("role", role).map());
        return done("Added " + user + " to " + reference + " as " + role, member);
    }

    @Command(name = "remove-member", description = "Take a person out of a project; the keys made there stop working.")
    int removeMember(
            @Parameters(paramLabel = PROJECT, description = REFERENCE) String reference,
            @Parameters(paramLabel = USER, description = "The person's address or id.") String user)
            throws InterruptedException {
        AdminClient admin = admin();
        String project = admin.project(reference);
        String path = organization("projects", project, "users", admin.member(project, user));
        return done("Removed " + user + " from " + reference, admin.agent().delete(path));
    }

    @Command(name = "limits", description = "List a project's rate limits.")
    int limits(@Parameters(paramLabel = PROJECT, description = REFERENCE) String reference)
            throws InterruptedException {
        AdminClient admin = admin();
        return list(
                admin.list(organization("projects", admin.project(reference), "rate_limits")),
                "id",
                "model",
                "max_requests_per_1_minute",
                "max_tokens_per_1_minute",
                "limited");
    }

    @Command(name = "budget", description = "Show what a project may spend, and has spent.")
    int budget(@Parameters(paramLabel = PROJECT, description = REFERENCE) String reference)
            throws InterruptedException {
        AdminClient admin = admin();
        return show(admin.agent().get(organization("projects", admin.project(reference), "budget")));
    }

    @Command(name = "settings", description = "Show what has been decided for a project.")
    int settings(@Parameters(paramLabel = PROJECT, description = REFERENCE) String reference)
            throws InterruptedException {
        AdminClient admin = admin();
        String project = admin.project(reference);
        JsonNode settings = admin.agent().get(organization("projects", project, "settings"));
        JsonNode models = admin.agent().get(organization("projects", project, "model_permissions"));
        return show(((ObjectNode) settings).set("model_permissions", models));
    }

    @Command(name = "set-limit", description = "Limit what a project may ask for in a minute.")
    int setLimit(
            @Parameters(paramLabel = PROJECT, description = REFERENCE) String reference,
            @Option(
                            names = "--model",
                            defaultValue = "*",
                            description = "The base model it is about (default: all without a limit of their own).")
                    String model,
            @Option(names = "--rpm", paramLabel = "N", description = "Requests a minute.") @Nullable Integer requests,
            @Option(names = "--tpm", paramLabel = "N", description = "Tokens a minute, input and output together.")
                    @Nullable
                    Long tokens,
            @Option(names = "--none", description = "No limit of its own any more.") boolean none)
            throws InterruptedException {
        Fields fields = new Fields().put("max_requests_per_1_minute", requests).put("max_tokens_per_1_minute", tokens);
        if (fields.isEmpty() != none) {
            throw wrongly("Say what the limit is, with --rpm or --tpm, or --none.");
        }
        AdminClient admin = admin();
        String path = organization("projects", admin.project(reference), "rate_limits", "rl-" + model);
        return none
                ? done("Lifted the limit of " + reference, admin.agent().delete(path))
                : done("Limited " + reference, admin.agent().post(path, fields.map()));
    }

    @Command(name = "set-budget", description = "Bound the tokens a project may spend in a period.")
    int setBudget(
            @Parameters(paramLabel = PROJECT, description = REFERENCE) String reference,
            @Option(names = "--tokens", paramLabel = "N", description = "Input and output together.") @Nullable
                    Long tokens,
            @Option(
                            names = "--per",
                            defaultValue = "month",
                            description = "day or month, by UTC (default: ${DEFAULT-VALUE}).")
                    String period,
            @Option(names = "--none", description = "No bound any more.") boolean none)
            throws InterruptedException {
        if (none == (tokens != null)) {
            throw wrongly("Say either --tokens N or --none.");
        }
        AdminClient admin = admin();
        String path = organization("projects", admin.project(reference), "budget");
        return none
                ? done(reference + " may spend without bound", admin.agent().delete(path))
                : done(
                        reference + " may spend " + tokens + " tokens a " + period,
                        admin.agent()
                                .post(
                                        path,
                                        new Fields()
                                                .put("tokens", tokens)
                                                .put("period", period)
                                                .map()));
    }
}
