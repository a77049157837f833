package org.llmfactory.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llmfactory.launcher.agent.Adapters;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/** The LoRA adapters of the running agent. */
@Command(
        name = "adapter",
        description = "LoRA adapters of the running agent, and who may use them.",
        scope = ScopeType.INHERIT,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./factory adapter add pirate samples/adapters/pirate --base SmolLM2-135M-Instruct --visibility project",
            "  ./factory adapter share pirate --project research",
            "  ./factory adapter publish pirate"
        })
final class AdapterCommand extends AdminCommand {
    private static final String NAME = "NAME";
    private static final String REFERENCE = "Its name or id.";

    @Command(name = "add", description = "Register the adapter in a folder of PEFT's format.")
    int add(
            @Parameters(paramLabel = NAME, description = "What requests call it.") String name,
            @Parameters(paramLabel = "DIR", description = "Holds adapter_config.json and adapter_model.safetensors.")
                    Path folder,
            @Option(names = "--base", paramLabel = "MODEL", required = true, description = "The base model's id.")
                    String base,
            @Option(
                            names = "--visibility",
                            description = "private (the default), project, or public, which takes an administrator.")
                    @Nullable
                    String visibility,
            @Mixin ProjectOption project)
            throws InterruptedException {
        JsonNode adapter = adapters(project).add(name, base, Optional.ofNullable(visibility), folder);
        return done("Added " + describe(adapter), adapter);
    }

    @Command(name = "list", description = "List the adapters.")
    int list(@Mixin ProjectOption project) throws InterruptedException {
        JsonNode all = adapters(project).list();
        all.path("data").forEach(adapter -> terminal().say(describe(adapter)));
        terminal().answer(all);
        return 0;
    }

    @Command(
            name = "card",
            description = "Show all that is known of an adapter: how it was trained, what was measured.")
    int card(@Parameters(paramLabel = NAME, description = REFERENCE) String reference, @Mixin ProjectOption project)
            throws InterruptedException {
        return show(adapters(project).card(reference));
    }

    @Command(name = "share", description = "Let everyone in the adapter's project use it.")
    int share(@Parameters(paramLabel = NAME, description = REFERENCE) String reference, @Mixin ProjectOption project)
            throws InterruptedException {
        return show(reference, "project", project);
    }

    @Command(name = "publish", description = "Let everyone on the platform use an adapter.")
    int publish(@Parameters(paramLabel = NAME, description = REFERENCE) String reference, @Mixin ProjectOption project)
            throws InterruptedException {
        return show(reference, "public", project);
    }

    @Command(name = "hide", description = "Keep an adapter to its owner again.")
    int hide(@Parameters(paramLabel = NAME, description = REFERENCE) String reference, @Mixin ProjectOption project)
            throws InterruptedException {
        return show(reference, "private", project);
    }

    @Command(name = "remove", description = "Remove an adapter; running requests finish.")
    int remove(@Parameters(paramLabel = NAME, description = REFERENCE) String reference, @Mixin ProjectOption project)
            throws InterruptedException {
        return done("Removed " + reference, adapters(project).remove(reference));
    }

    private int show(String reference, String visibility, ProjectOption project) throws InterruptedException {
        return done(reference + " is " + visibility + " now", adapters(project).show(reference, visibility));
    }

    private Adapters adapters(ProjectOption project) throws InterruptedException {
        return new Adapters(project.of(admin()).agent());
    }

    private static String describe(JsonNode adapter) {
        return String.format(
                "%-24s %-28s rank %-4d %-8s %s",
                adapter.path("name").asText(),
                adapter.path("base_model").asText(),
                adapter.path("rank").asInt(),
                adapter.path("visibility").asText(),
                adapter.path("id").asText());
    }
}
