package org.llmfactory.launcher.command;

import static org.llmfactory.launcher.admin.AdminClient.organization;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;
import org.llmfactory.launcher.admin.AdminClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/** API keys, of projects and of administrators. */
@Command(
        name = "key",
        description = "API keys: what opens the API, and how far.",
        scope = ScopeType.INHERIT,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./factory key create --project research --service-account nightly --name ci --expires 90d",
            "  ./factory key create --project research --name notebook --areas inference --rpm 60",
            "  ./factory key create --project research --name widget --publishable --origin https://example.org",
            "  ./factory key rotate ci --project research --overlap 1h",
            "  ./factory key list --admin"
        },
        subcommands = KeyCreateCommand.class)
final class KeyCommand extends AdminCommand {
    private static final String KEY = "KEY";
    private static final String REFERENCE = "Its name or id.";

    /** Whose keys: a project's, or the administrators'. */
    static final class Scope {
        @Option(
                names = "--project",
                defaultValue = AdminClient.DEFAULT_PROJECT,
                description = "The project's name or id (default: ${DEFAULT-VALUE}).")
        String project = AdminClient.DEFAULT_PROJECT;

        @Option(names = "--admin", description = "The administrators' keys instead.")
        boolean administrators;

        /** Where the keys are. */
        String path(AdminClient admin) throws InterruptedException {
            return administrators
                    ? organization("admin_api_keys")
                    : organization("projects", admin.project(project), "api_keys");
        }

        /** Where one key is. */
        String path(AdminClient admin, String reference) throws InterruptedException {
            String path = path(admin);
            return AdminClient.path(path, admin.key(path, reference));
        }
    }

    @Command(name = "list", description = "List the keys; secrets are not stored, and not shown.")
    int list(@Mixin Scope scope) throws InterruptedException {
        AdminClient admin = admin();
        return list(
                admin.list(scope.path(admin)),
                "id",
                "name",
                "redacted_value",
                "kind",
                "owner=owner.user.email|owner.user.name|owner.service_account.name|owner.name",
                "created_at",
                "expires_at",
                "last_used_at");
    }

    @Command(name = "show", description = "Show a key, without its secret.")
    int show(@Parameters(paramLabel = KEY, description = REFERENCE) String reference, @Mixin Scope scope)
            throws InterruptedException {
        AdminClient admin = admin();
        return show(admin.agent().get(scope.path(admin, reference)));
    }

    @Command(name = "revoke", description = "Revoke a key; it stops working at once, on every agent.")
    int revoke(@Parameters(paramLabel = KEY, description = REFERENCE) String reference, @Mixin Scope scope)
            throws InterruptedException {
        AdminClient admin = admin();
        String path = scope.path(admin, reference);
        JsonNode key = admin.agent().get(path);
        String account = key.path("owner").path("service_account").path("id").asText("");
        if (!account.isEmpty()) {
            path = organization(
                    "projects",
                    admin.project(scope.project),
                    "service_accounts",
                    account,
                    "api_keys",
                    key.path("id").asText());
        }
        return done("Revoked " + reference, admin.agent().delete(path));
    }

    @Command(
            name = "rotate",
            description = "Give a key a new secret, which is on the last line; the old one works on for a while.")
    int rotate(
            @Parameters(paramLabel = KEY, description = REFERENCE) String reference,
            @Mixin Scope scope,
            @Option(
                            names = "--overlap",
                            paramLabel = "TIME",
                            defaultValue = "0s",
                            description = "How long the old secret works on, for example 1h (default: not at all).")
                    Duration overlap)
            throws InterruptedException {
        AdminClient admin = admin();
        String path = AdminClient.path(scope.path(admin, reference), "rotate");
        JsonNode key = admin.agent().post(path, Map.of("overlap_seconds", overlap.toSeconds()));
        return done(
                "New secret of " + reference + ", told this once:",
                key.path("value").asText(),
                key);
    }
}
