package org.llmfactory.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.llmfactory.launcher.agent.Adapters;
import org.llmfactory.launcher.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The LoRA adapters of the running agent. */
@Command(name = "adapter", description = "Add, list and remove LoRA adapters of the running agent.")
final class AdapterCommand implements Runnable {
    @ParentCommand
    Factory factory = new Factory();

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command: add, list or remove?");
    }

    @Command(name = "add", description = "Register the adapter in a folder of PEFT's format.")
    int add(
            @Parameters(paramLabel = "NAME", description = "What requests call it.") String name,
            @Parameters(paramLabel = "DIR", description = "Holds adapter_config.json and adapter_model.safetensors.")
                    Path folder,
            @Option(names = "--base", paramLabel = "MODEL", required = true, description = "The base model's id.")
                    String base)
            throws InterruptedException {
        JsonNode adapter = adapters().add(name, base, folder);
        terminal().say("Added " + describe(adapter));
        terminal().answer(adapter);
        return 0;
    }

    @Command(name = "list", description = "List the adapters.")
    int list() throws InterruptedException {
        JsonNode all = adapters().list();
        all.path("data").forEach(adapter -> terminal().say(describe(adapter)));
        terminal().answer(all);
        return 0;
    }

    @Command(name = "remove", description = "Remove an adapter; running requests finish.")
    int remove(@Parameters(paramLabel = "NAME", description = "Its name or id.") String reference)
            throws InterruptedException {
        JsonNode answer = adapters().remove(reference);
        terminal().say("Removed " + reference);
        terminal().answer(answer);
        return 0;
    }

    private Adapters adapters() {
        return new Adapters(factory.options.agent().client());
    }

    private Terminal terminal() {
        return factory.options.terminal();
    }

    private static String describe(JsonNode adapter) {
        return String.format(
                "%-24s %-28s rank %-4d %s",
                adapter.path("name").asText(),
                adapter.path("base_model").asText(),
                adapter.path("rank").asInt(),
                adapter.path("id").asText());
    }
}
