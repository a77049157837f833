package org.llmfactory.launcher.command;

import static org.llmfactory.launcher.admin.AdminClient.path;

import com.fasterxml.jackson.databind.JsonNode;
import org.llmfactory.launcher.agent.AgentClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/** Named configurations that can be called like models. */
@Command(
        name = "preset",
        description = "Presets: a base model, adapters with weights, a system prompt and sampling under one name.",
        scope = ScopeType.INHERIT,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./factory preset create sailor --base SmolLM2-135M-Instruct --adapter pirate:0.7 --temperature 0.2",
            "  ./factory preset update sailor --system 'Answer in one sentence.' --visibility project",
            "  ./factory preset create sailor --file sailor.json"
        })
final class PresetCommand extends AdminCommand {
    private static final String PATH = "/v1/presets";
    private static final String PRESET = "PRESET";
    private static final String REFERENCE = "Its name or id.";

    @Command(name = "list", description = "List the presets.")
    int list(@Mixin ProjectOption project) throws InterruptedException {
        return list(
                project.of(admin()).list(PATH), "id", "name", "version", "base", "visibility", "project", "created_at");
    }

    @Command(name = "show", description = "Show a preset.")
    int show(
            @Parameters(paramLabel = PRESET, description = "Its name or id, @VERSION for an older one.")
                    String reference,
            @Mixin ProjectOption project)
            throws InterruptedException {
        return show(agent(project).get(path(PATH, reference)));
    }

    @Command(name = "create", description = "Create a preset from options, a file, or both.")
    int create(
            @Parameters(paramLabel = "NAME", description = "Lower-case letters, digits, . _ -") String name,
            @Mixin PresetOptions options,
            @Mixin ProjectOption project)
            throws InterruptedException {
        JsonNode preset = agent(project).post(PATH, options.request().put("name", name));
        return done("Created preset " + name + " (" + preset.path("id").asText() + ")", preset);
    }

    @Command(name = "update", description = "Change a preset, which makes its next version.")
    int update(
            @Parameters(paramLabel = PRESET, description = REFERENCE) String reference,
            @Mixin PresetOptions options,
            @Mixin ProjectOption project)
            throws InterruptedException {
        JsonNode preset = agent(project).post(path(PATH, reference), options.request());
        return done(reference + " has version " + preset.path("version").asText() + " now", preset);
    }

    @Command(name = "delete", description = "Delete a preset, all versions of it.")
    int delete(@Parameters(paramLabel = PRESET, description = REFERENCE) String reference, @Mixin ProjectOption project)
            throws InterruptedException {
        return done("Deleted preset " + reference, agent(project).delete(path(PATH, reference)));
    }

    private AgentClient agent(ProjectOption project) throws InterruptedException {
        return project.of(admin()).agent();
    }
}
