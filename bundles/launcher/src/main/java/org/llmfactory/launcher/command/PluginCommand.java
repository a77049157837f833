package org.llmfactory.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.FileNotFoundException;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.llmfactory.launcher.LauncherException;
import org.llmfactory.launcher.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The plugins of the running agent. */
@Command(name = "plugin", description = "List, deploy and remove plugins of the running agent.")
final class PluginCommand implements Runnable {
    private static final String PATH = "/admin/plugins";

    @ParentCommand
    Factory factory = new Factory();

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command: list, deploy or undeploy?");
    }

    @Command(name = "list", description = "List the plugins of the running agent.")
    int list() throws InterruptedException {
        JsonNode plugins = factory.options.client().get(PATH);
        Terminal terminal = factory.options.terminal();
        plugins.path("data").forEach(plugin -> terminal.say(describe(plugin)));
        terminal.answer(plugins);
        return 0;
    }

    @Command(name = "deploy", description = "Install a plugin, or update it without dropping a request.")
    int deploy(@Parameters(paramLabel = "JAR", description = "The plugin's bundle.") Path jar)
            throws InterruptedException {
        try {
            JsonNode plugin =
                    factory.options.client().post(PATH, "application/java-archive", BodyPublishers.ofFile(jar));
            factory.options.terminal().say("Deployed " + describe(plugin));
            factory.options.terminal().answer(plugin);
            return 0;
        } catch (FileNotFoundException e) {
            throw new LauncherException("There is no file " + jar + ".", e);
        }
    }

    @Command(name = "undeploy", description = "Remove a deployed plugin.")
    int undeploy(@Parameters(paramLabel = "NAME", description = "Its symbolic name.") String name)
            throws InterruptedException {
        String path = PATH + "/" + URLEncoder.encode(name, StandardCharsets.UTF_8);
        JsonNode answer = factory.options.client().delete(path);
        factory.options.terminal().say("Removed " + name);
        factory.options.terminal().answer(answer);
        return 0;
    }

    private static String describe(JsonNode plugin) {
        return String.format(
                "%-40s %-20s %-10s %s",
                plugin.path("symbolic_name").asText(),
                plugin.path("version").asText(),
                plugin.path("state").asText(),
                plugin.path("deployed").asBoolean() ? "deployed" : "part of the feature");
    }
}
