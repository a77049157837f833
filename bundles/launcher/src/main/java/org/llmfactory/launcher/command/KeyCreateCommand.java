package org.llmfactory.launcher.command;

import static org.llmfactory.launcher.admin.AdminClient.organization;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.llmfactory.launcher.LauncherException;
import org.llmfactory.launcher.admin.AdminClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Makes an API key. */
@Command(
        name = "create",
        description =
                "Create a key. Its secret is on the last line, told this once; what is not narrowed is open as far"
                        + " as the owner's role goes.")
final class KeyCreateCommand implements Callable<Integer> {
    @ParentCommand
    KeyCommand group = new KeyCommand();

    @Mixin
    KeyCommand.Scope scope = new KeyCommand.Scope();

    @Option(names = "--name", required = true, description = "What people call it.")
    String name = "";

    @Option(
            names = "--service-account",
            paramLabel = "NAME",
            description =
                    "The service account it belongs to (default: whoever creates it, as a member of" + " the project).")
    @Nullable
    String serviceAccount;

    @Option(
            names = "--areas",
            split = ",",
            paramLabel = "AREA",
            description = "inference, adapters, data, reports, administration, platform.")
    List<String> areas = List.of();

    @Option(names = "--models", split = ",", paramLabel = "MODEL", description = "Ids of the base models it may use.")
    List<String> models = List.of();

    @Option(
            names = "--adapters",
            split = ",",
            paramLabel = "ID",
            description = "Ids of the adapters and presets it may use.")
    List<String> adapters = List.of();

    @Option(names = "--address", split = ",", paramLabel = "CIDR", description = "Networks it works from.")
    List<String> addresses = List.of();

    @Option(names = "--expires", paramLabel = "TIME", description = "When it stops working, for example 30d from now.")
    @Nullable
    Duration expires;

    @Option(names = "--rpm", paramLabel = "N", description = "Requests a minute at most.")
    @Nullable
    Integer requestsPerMinute;

    @Option(names = "--tpm", paramLabel = "N", description = "Tokens a minute at most, input and output together.")
    @Nullable
    Long tokensPerMinute;

    @Option(names = "--publishable", description = "For pages that anyone can read; needs --origin.")
    boolean publishable;

    @Option(
            names = "--origin",
            split = ",",
            paramLabel = "URL",
            description = "Web pages a publishable key works from.")
    List<String> origins = List.of();

    @Override
    public Integer call() throws InterruptedException {
        if (publishable == origins.isEmpty()) {
            throw group.wrongly("--publishable and --origin go together.");
        }
        Fields narrowing = narrowing();
        if (scope.administrators && (serviceAccount != null || !narrowing.isEmpty())) {
            throw group.wrongly("An administrator's key has a --name and perhaps --expires, nothing else.");
        }
        Fields fields = new Fields()
                .put("name", name)
                .put("expires_in_seconds", expires == null ? null : expires.toSeconds())
                .and(narrowing);
        AdminClient admin = group.admin();
        JsonNode key = admin.agent().post(path(admin), fields.map());
        return group.done(
                "Created key " + name + " (" + key.path("id").asText() + "). Its secret, told this once:",
                key.path("value").asText(),
                key);
    }

    private String path(AdminClient admin) throws InterruptedException {
        if (scope.administrators) {
            return scope.path(admin);
        }
        String project = admin.project(scope.project);
        if (serviceAccount == null) {
            requireMember(project);
            return organization("projects", project, "api_keys");
        }
        String account = admin.serviceAccount(project, serviceAccount);
        return organization("projects", project, "service_accounts", account, "api_keys");
    }

    /** A key belongs to whoever creates it. */
    private void requireMember(String project) {
        if (group.factory.options.isAdministrator() && !project.equals(AdminClient.DEFAULT_PROJECT)) {
            throw new LauncherException(
                    "A key belongs to whoever creates it, and the administrator of the home is a member"
                            + " of " + AdminClient.DEFAULT_PROJECT
                            + " alone. Name a --service-account of the project, or use the"
                            + " key of a member with --api-key-file.");
        }
    }

    private Fields narrowing() {
        return new Fields()
                .put("areas", areas)
                .put("models", models)
                .put("adapters", adapters)
                .put("addresses", addresses)
                .put("requests_per_minute", requestsPerMinute)
                .put("tokens_per_minute", tokensPerMinute)
                .put("publishable", publishable ? true : null)
                .put("origins", origins);
    }
}
