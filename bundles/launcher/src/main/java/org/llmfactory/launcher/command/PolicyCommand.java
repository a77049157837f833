package org.llmfactory.launcher.command;

import static org.llmfactory.launcher.admin.AdminClient.path;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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
    private static final String REFERENCE = "Its name or id.";

    @Command(name = "list", description = "List the policies of a project.")
    int list(@Mixin ProjectOption project) throws InterruptedException {
        return list(project.of(admin()).list(PATH), "id", "name", "version", "created_at");
    }

    @Command(name = "show", description = "Show a policy.")
    int show(@Parameters(paramLabel = POLICY, description = REFERENCE) String reference, @Mixin ProjectOption project)
            throws InterruptedException {
        return show(agent(project).get(path(PATH, reference)));
    }

    @Command(name = "create", description = "Create a policy from a file; a name that is taken gets its next version.")
    int create(
            @Parameters(paramLabel = "NAME", arity = "0..1", description = "Goes over the file's.") @Nullable
                    String name,
            @Option(names = "--file", required = true, description = "A JSON object with the fields of a policy.")
                    Path file,
            @Mixin ProjectOption project)
            throws InterruptedException {
        ObjectNode request = JsonFile.read(file);
        if (name != null) {
            request.put("name", name);
        }
        JsonNode policy = agent(project).post(PATH, request);
        return done("Created policy " + policy.path("name").asText(), policy);
    }

    @Command(
            name = "check",
            description = "Say what a policy makes of a text (exit code 0: lets it pass, 1: stops it).")
    int check(
            @Parameters(paramLabel = POLICY, description = REFERENCE) String reference,
            @Parameters(paramLabel = "TEXT", description = "What somebody might write.") String text,
            @Mixin ProjectOption project)
            throws InterruptedException {
        JsonNode verdict = agent(project).post(path(PATH, reference, "check"), Map.of("input", text));
        show(verdict);
        return verdict.path("blocked").asBoolean() ? 1 : 0;
    }

    private AgentClient agent(ProjectOption project) throws InterruptedException {
        return project.of(admin()).agent();
    }
}
