package org.llmfactory.launcher.command;

import static org.llmfactory.launcher.admin.AdminClient.path;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Map;
import org.llmfactory.launcher.agent.AgentClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/** What may go in and come out. */
@Command(
        name = "policy",
        description = "Content policies: what may go in and come out.",
        scope = ScopeType.INHERIT,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./factory policy create strict --file strict.json --project research",
            "  ./factory policy check strict 'my number is 4111 1111 1111 1111' --project research",
            "  ./factory project set research --content-policy strict"
        })
final class PolicyCommand extends AdminCommand {
    private static final String PATH = "/v1/content_policies";
    private static final String POLICY = "POLICY";
    private static final String NAME = "NAME";
    private static final String REFERENCE = "Its name or id.";
    private static final String FILE = "--file";
    private static final String FILE_HELP = "A JSON object with \"rules\", and perhaps \"window\" and \"classifier\".";

    @Command(name = "list", description = "List the policies of a project and of the organization.")
    int list(@Mixin ProjectOption project) throws InterruptedException {
        return list(project.of(admin()).list(PATH), "id", "name", "version", "scope", "created_at");
    }

    @Command(name = "show", description = "Show a policy.")
    int show(@Parameters(paramLabel = POLICY, description = REFERENCE) String reference, @Mixin ProjectOption project)
            throws InterruptedException {
        return show(agent(project).get(path(PATH, reference)));
    }

    @Command(
            name = "create",
            description = "Create a policy from a file; it does nothing until a project's settings name it.")
    int create(
            @Parameters(paramLabel = NAME, description = "What settings call it.") String name,
            @Option(names = FILE, required = true, description = FILE_HELP) Path file,
            @Option(names = "--organization", description = "For every project, not for one.") boolean organization,
            @Mixin ProjectOption project)
            throws InterruptedException {
        ObjectNode request = JsonFile.read(file).put("name", name);
        if (organization) {
            request.put("scope", "organization");
        }
        return done("Created policy " + name, agent(project).post(PATH, request));
    }

    @Command(name = "update", description = "Replace a policy by its next version, in force at once where it is named.")
    int update(
            @Parameters(paramLabel = POLICY, description = REFERENCE) String reference,
            @Option(names = FILE, required = true, description = FILE_HELP) Path file,
            @Mixin ProjectOption project)
            throws InterruptedException {
        JsonNode policy = agent(project).post(path(PATH, reference), JsonFile.read(file));
        return done(reference + " has version " + policy.path("version").asText() + " now", policy);
    }

    @Command(name = "delete", description = "Delete a policy; projects that still name it are refused everything.")
    int delete(@Parameters(paramLabel = POLICY, description = REFERENCE) String reference, @Mixin ProjectOption project)
            throws InterruptedException {
        return done("Deleted policy " + reference, agent(project).delete(path(PATH, reference)));
    }

    @Command(
            name = "check",
            description =
                    "Say what a policy makes of a text (exit code 0: lets it pass, changed perhaps; 1: stops it).")
    int check(
            @Parameters(paramLabel = POLICY, description = REFERENCE) String reference,
            @Parameters(paramLabel = "TEXT", description = "What somebody or a model might write.") String text,
            @Option(names = "--output", description = "As a model's answer, not as somebody's input.") boolean output,
            @Mixin ProjectOption project)
            throws InterruptedException {
        JsonNode trial = agent(project)
                .post(path(PATH, reference, "check"), Map.of("text", text, "on", output ? "output" : "input"));
        show(trial);
        return trial.path("verdict").asText().equals("blocked") ? 1 : 0;
    }

    private AgentClient agent(ProjectOption project) throws InterruptedException {
        return project.of(admin()).agent();
    }
}
