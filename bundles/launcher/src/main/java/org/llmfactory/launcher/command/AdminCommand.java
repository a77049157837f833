package org.llmfactory.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.llmfactory.launcher.admin.AdminClient;
import org.llmfactory.launcher.terminal.JsonTable;
import org.llmfactory.launcher.terminal.Terminal;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What the commands over the REST API have in common: whom they ask, and how they show the answer. */
abstract class AdminCommand implements Runnable {
    @ParentCommand
    Factory factory = new Factory();

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        List<String> names = new ArrayList<>(spec.subcommands().keySet());
        String last = names.remove(names.size() - 1);
        throw new ParameterException(
                spec.commandLine(), "Which command: " + String.join(", ", names) + " or " + last + "?");
    }

    final AdminClient admin() {
        return new AdminClient(factory.options.client());
    }

    final Terminal terminal() {
        return factory.options.terminal();
    }

    /** Shows a list as a table. */
    final int list(JsonNode list, String... fields) {
        if (list.path("data").isEmpty()) {
            terminal().say("There are none.");
        } else {
            JsonTable.rows(list.path("data"), fields).forEach(terminal()::say);
        }
        terminal().answer(list);
        return 0;
    }

    /** Shows one object, a field a line; all that say something unless some are named. */
    final int show(JsonNode object, String... fields) {
        List<String> lines = fields.length == 0 ? JsonTable.fields(object) : JsonTable.fields(object, List.of(fields));
        return show(lines, object);
    }

    /** Shows an answer in words of one's own. */
    final int show(List<String> lines, JsonNode answer) {
        lines.forEach(terminal()::say);
        terminal().answer(answer);
        return 0;
    }

    /** Says what was done. */
    final int done(String what, JsonNode answer) {
        terminal().say(what);
        terminal().answer(answer.isMissingNode() ? Map.of() : answer);
        return 0;
    }

    /** Says what was done, with something to be copied alone on the last line. */
    final int done(String what, String copied, JsonNode answer) {
        terminal().say(what);
        if (!terminal().isJson()) {
            terminal().say(copied);
        }
        terminal().answer(answer);
        return 0;
    }

    /** Refuses options that do not fit together; exit code 2. */
    final ParameterException wrongly(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
