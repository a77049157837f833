package org.llmfactory.launcher.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.llmfactory.launcher.terminal.Terminal;
import org.llmfactory.models.catalog.CatalogModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The base models of a home; a running agent serves a pulled one without a restart. */
@Command(name = "model", description = "Pull and list base models.")
final class ModelCommand implements Runnable {
    @ParentCommand
    Factory factory = new Factory();

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command: pull or list?");
    }

    @Command(name = "pull", description = "Fetch a model of the catalogue and check it.")
    int pull(@Parameters(paramLabel = "MODEL", description = "Its id, see: factory model list") String id)
            throws InterruptedException {
        Terminal terminal = factory.options.terminal();
        Path folder = new Models(factory.options, terminal).pull(id);
        terminal.say(id + " is in " + folder);
        terminal.answer(Map.of("id", id, "folder", folder.toString()));
        return 0;
    }

    @Command(name = "list", description = "List the models of the catalogue and say which ones are here.")
    int list() {
        Terminal terminal = factory.options.terminal();
        Models models = new Models(factory.options, terminal);
        List<Map<String, Object>> answer = new ArrayList<>();
        for (CatalogModel model : models.catalog().models()) {
            boolean present = models.isPresent(model);
            terminal.say(String.format(
                    "%-32s %-12s %8.1f MiB  %-12s %s",
                    model.id(),
                    model.task(),
                    model.size() / (double) (1 << 20),
                    model.licence(),
                    present ? "here" : ""));
            answer.add(Map.of(
                    "id", model.id(),
                    "task", model.task(),
                    "bytes", model.size(),
                    "licence", model.licence(),
                    "present", present));
        }
        terminal.answer(Map.of("models", answer));
        return 0;
    }
}
