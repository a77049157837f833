package org.llmfactory.launcher.command;

import static org.llmfactory.launcher.admin.AdminClient.organization;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.llmfactory.launcher.admin.AdminClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/** The programs that belong to projects. */
@Command(
        name = "service-account",
        description = "The programs that belong to projects and have keys of their own.",
        scope = ScopeType.INHERIT,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./factory service-account create nightly --project research",
            "  ./factory key create --project research --service-account nightly --name ci --expires 90d"
        })
final class ServiceAccountCommand extends AdminCommand {
    private static final String PROJECT = "The project's name or id (default: ${DEFAULT-VALUE}).";

    @Command(name = "list", description = "List the service accounts of a project.")
    int list(
            @Option(names = "--project", defaultValue = AdminClient.DEFAULT_PROJECT, description = PROJECT)
                    String project)
            throws InterruptedException {
        AdminClient admin = admin();
        return list(
                admin.list(organization("projects", admin.project(project), "service_accounts")),
                "id",
                "name",
                "role=project_role|role",
                "created_at");
    }

    @Command(name = "create", description = "Create a service account; its first key's secret is on the last line.")
    int create(
            @Parameters(paramLabel = "NAME", description = "What people call it.") String name,
            @Option(
                            names = "--role",
                            defaultValue = "member",
                            description = "maintainer, member or viewer (default: ${DEFAULT-VALUE}).")
                    String role,
            @Option(names = "--no-key", description = "Without a key; its id is on the last line then.")
                    boolean withoutKey,
            @Option(names = "--project", defaultValue = AdminClient.DEFAULT_PROJECT, description = PROJECT)
                    String project)
            throws InterruptedException {
        AdminClient admin = admin();
        String path = organization("projects", admin.project(project), "service_accounts");
        JsonNode account =
                admin.agent().post(path, Map.of("name", name, "role", role, "create_service_account_only", withoutKey));
        String id = account.path("id").asText();
        if (withoutKey) {
            return done("Created service account " + name, id, account);
        }
        return done(
                "Created service account " + name + " (" + id + "). The secret of its key, told this once:",
                account.path("api_key").path("value").asText(),
                account);
    }

    @Command(name = "remove", description = "Remove a service account; its keys stop working.")
    int remove(
            @Parameters(paramLabel = "NAME", description = "Its name or id.") String reference,
            @Option(names = "--project", defaultValue = AdminClient.DEFAULT_PROJECT, description = PROJECT)
                    String project)
            throws InterruptedException {
        AdminClient admin = admin();
        String id = admin.project(project);
        String path = organization("projects", id, "service_accounts", admin.serviceAccount(id, reference));
        return done("Removed service account " + reference, admin.agent().delete(path));
    }
}
