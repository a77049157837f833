package org.llmfactory.launcher.command;

import static org.llmfactory.launcher.admin.AdminClient.path;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.llmfactory.launcher.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/** What is to run on which agents. */
@Command(
        name = "deploy",
        description = "Deploy published plugins to the agents of the network.",
        scope = ScopeType.INHERIT,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./factory plugin publish hello.jar",
            "  ./factory deploy plan hello.json",
            "  ./factory deploy apply hello.json",
            "  ./factory deploy status hello",
            "  ./factory deploy rollback hello"
        })
final class DeployCommand extends AdminCommand {
    static final String PATH = "/admin/deployments";
    private static final String NAME = "NAME";
    private static final String NAME_HELP = "What the deployment is called.";
    private static final String FILE = "FILE";
    private static final String FILE_HELP = "A description, or a pipeline of Cresco, in JSON.";
    private static final String WAIT = "--wait";
    private static final String WAIT_HELP = "How long to wait until it is done, 0s for not at all (${DEFAULT-VALUE}).";
    private static final String WAIT_DEFAULT = "15m";
    private static final String TIME = "TIME";

    @Command(name = "plan", description = "Say who would get what, who would not and why; nothing is changed.")
    int plan(@Parameters(paramLabel = FILE, description = FILE_HELP) Path file) throws InterruptedException {
        JsonNode plan = admin().agent().post(PATH + "/plan", JsonFile.read(file));
        return show(DeploymentText.plan(plan), plan);
    }

    @Command(
            name = "apply",
            description = "Make a description hold, and wait; ends with 1 when it fails and is taken back.")
    int apply(
            @Parameters(paramLabel = FILE, description = FILE_HELP) Path file,
            @Option(names = WAIT, paramLabel = TIME, defaultValue = WAIT_DEFAULT, description = WAIT_HELP)
                    Duration wait)
            throws InterruptedException {
        ObjectNode description = JsonFile.read(file);
        // A pipeline's name is translated there.
        String name =
                admin().agent().post(PATH + "/plan", description).path("name").asText();
        JsonNode applied = admin().agent().put(path(PATH, name), description);
        applied.path("ignored").forEach(what -> terminal().say("Ignored: " + what.asText()));
        return watch(name, applied, wait);
    }

    @Command(name = "status", description = "Show what runs where; ends with 1 while it is not as it is wanted.")
    int status(
            @Parameters(paramLabel = NAME, arity = "0..1", description = "Which deployment (default: all).") @Nullable
                    String name)
            throws InterruptedException {
        if (name == null) {
            return list(admin().agent().get(PATH), "name", "revision", "state", "reason");
        }
        JsonNode deployment = admin().agent().get(path(PATH, name));
        DeploymentText.status(deployment).forEach(terminal()::say);
        terminal().answer(deployment);
        return deployment.path("state").asText().equals("deployed") ? 0 : 1;
    }

    @Command(name = "history", description = "List the revisions of a deployment.")
    int history(@Parameters(paramLabel = NAME, description = NAME_HELP) String name) throws InterruptedException {
        return list(
                admin().agent().get(path(PATH, name) + "/revisions"),
                "revision",
                "outcome",
                "copied_from",
                "created_at",
                "author",
                "reason");
    }

    @Command(name = "rollback", description = "Go back to what was deployed before, and wait.")
    int rollback(
            @Parameters(paramLabel = NAME, description = NAME_HELP) String name,
            @Option(names = WAIT, paramLabel = TIME, defaultValue = WAIT_DEFAULT, description = WAIT_HELP)
                    Duration wait)
            throws InterruptedException {
        JsonNode deployment = admin().agent().post(path(PATH, name) + "/rollback", new Fields().map());
        return watch(name, deployment, wait);
    }

    @Command(name = "remove", description = "Remove a deployment from all agents, and wait.")
    int remove(
            @Parameters(paramLabel = NAME, description = NAME_HELP) String name,
            @Option(names = WAIT, paramLabel = TIME, defaultValue = WAIT_DEFAULT, description = WAIT_HELP)
                    Duration wait)
            throws InterruptedException {
        JsonNode deployment = admin().agent().delete(path(PATH, name));
        JsonNode last = new DeploymentWatch(admin().agent(), terminal()).untilRemoved(name, deployment, wait);
        boolean gone = last.isMissingNode();
        if (gone) {
            return done(
                    "Removed " + name,
                    Terminal.JSON.createObjectNode().put("name", name).put("deleted", true));
        }
        terminal().say(name + " is being removed");
        terminal().answer(last);
        return wait.isZero() ? 0 : 1;
    }

    private int watch(String name, JsonNode first, Duration wait) throws InterruptedException {
        int revision = first.path("revision").asInt();
        JsonNode last = new DeploymentWatch(admin().agent(), terminal()).untilSettled(name, first, wait);
        DeploymentText.outcome(last, revision).forEach(terminal()::say);
        terminal().answer(last);
        return wait.isZero() || DeploymentText.succeeded(last, revision) ? 0 : 1;
    }
}
