package org.llmfactory.launcher.command;

import static org.llmfactory.launcher.admin.AdminClient.organization;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.llmfactory.launcher.admin.AdminClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.TypeConversionException;

/** Decides something for a project; what is not named stays as it is. */
@Command(name = "set", description = "Change what has been decided for a project; what is not named stays as it is.")
final class ProjectSetCommand implements Callable<Integer> {
    private static final String NONE = "none";

    @ParentCommand
    ProjectCommand group = new ProjectCommand();

    @Parameters(paramLabel = "PROJECT", description = "Its name or id.")
    String reference = "";

    @Option(names = "--name", description = "A new name.")
    @Nullable
    String name;

    @Option(names = "--content-policy", paramLabel = "NAME", description = "What input and output go through, or none.")
    @Nullable
    String contentPolicy;

    @Option(
            names = "--store-prompts",
            negatable = true,
            description = "Whether the audit log keeps the text of prompts and answers.")
    @Nullable
    Boolean storePrompts;

    @Option(
            names = "--chat-retention",
            paramLabel = "TIME",
            description =
                    "How long stored chats are kept, for example 30d, or none for as long as nobody deletes them.")
    @Nullable
    String chatRetention;

    @Option(
            names = "--max-concurrent",
            paramLabel = "N",
            description = "Requests at work at once, or none for the platform's default.")
    @Nullable
    String maxConcurrent;

    @Option(
            names = "--public-adapters",
            negatable = true,
            description = "Whether adapters and presets published to all are there for the project.")
    @Nullable
    Boolean publicAdapters;

    @Option(
            names = "--hidden-adapters",
            split = ",",
            paramLabel = "ID",
            description = "The published adapters that it does without, or none.")
    List<String> hiddenAdapters = List.of();

    @Option(
            names = "--allow-models",
            split = ",",
            paramLabel = "MODEL",
            description = "These base models and no others.")
    List<String> allowedModels = List.of();

    @Option(
            names = "--deny-models",
            split = ",",
            paramLabel = "MODEL",
            description = "All base models but these; none for all.")
    List<String> deniedModels = List.of();

    @Override
    public Integer call() throws InterruptedException {
        Fields settings = settings();
        boolean models = !allowedModels.isEmpty() || !deniedModels.isEmpty();
        if (settings.isEmpty() && name == null && !models) {
            throw group.wrongly("Say what to change; see: ./factory project set --help");
        }
        if (!allowedModels.isEmpty() && !deniedModels.isEmpty()) {
            throw group.wrongly("Say either --allow-models or --deny-models.");
        }
        AdminClient admin = group.admin();
        String project = admin.project(reference);
        JsonNode answer = MissingNode.getInstance();
        if (name != null) {
            answer = admin.agent().post(organization("projects", project), Map.of("name", name));
        }
        if (models) {
            String mode = allowedModels.isEmpty() ? "deny_list" : "allow_list";
            List<String> ids = listed(allowedModels.isEmpty() ? deniedModels : allowedModels);
            answer = admin.agent()
                    .post(
                            organization("projects", project, "model_permissions"),
                            Map.of("mode", mode, "model_ids", ids));
        }
        if (!settings.isEmpty()) {
            answer = admin.agent().post(organization("projects", project, "settings"), settings.map());
        }
        return group.done("Changed project " + reference, answer);
    }

    private Fields settings() {
        Fields fields = new Fields().put("store_prompts", storePrompts).put("public_adapters", publicAdapters);
        if (contentPolicy != null) {
            fields.set("content_policy", contentPolicy.equals(NONE) ? null : contentPolicy);
        }
        if (chatRetention != null) {
            fields.set("chat_retention_seconds", chatRetention.equals(NONE) ? null : seconds(chatRetention));
        }
        if (maxConcurrent != null) {
            fields.set("max_concurrent", maxConcurrent.equals(NONE) ? null : number(maxConcurrent));
        }
        if (!hiddenAdapters.isEmpty()) {
            fields.set("hidden_adapters", listed(hiddenAdapters));
        }
        return fields;
    }

    private long seconds(String text) {
        try {
            return new DurationConverter().convert(text).toSeconds();
        } catch (TypeConversionException e) {
            throw group.wrongly(String.valueOf(e.getMessage()));
        }
    }

    private int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw group.wrongly("'" + text + "' is no number for --max-concurrent.");
        }
    }

    private static List<String> listed(List<String> ids) {
        return ids.equals(List.of(NONE)) ? List.of() : ids;
    }
}
