package org.llmfactory.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.llmfactory.launcher.admin.AdminClient;
import org.llmfactory.launcher.terminal.JsonTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Makes a token for an agent that is to join. */
@Command(
        name = "token",
        description = "Make a token, with which one agent can join this controller, once. It is alone on the last line,"
                + " told this once. The first one founds the network.")
final class AgentTokenCommand implements Callable<Integer> {
    private static final String SHARED = "shared";

    /** What a token lets in. */
    enum Kind {
        NODE,
        CONTROLLER
    }

    @ParentCommand
    AgentCommand group = new AgentCommand();

    @Option(names = "--kind", description = "node (it works, the default) or controller (it has a region of its own).")
    Kind kind = Kind.NODE;

    @Option(
            names = "--tenant",
            paramLabel = "PROJECT",
            description = "The project that the node works for, by name or id, or 'shared' for all (default: shared).")
    @Nullable
    String tenant;

    @Option(
            names = "--name",
            description = "What the agent will be called (default: it chooses); an agent of that name is replaced.")
    @Nullable
    String name;

    @Option(
            names = "--valid",
            paramLabel = "TIME",
            description = "How long the token can be used, for example 30m; at most 7d (default: 1h).")
    @Nullable
    Duration valid;

    @Override
    public Integer call() throws InterruptedException {
        if (kind == Kind.CONTROLLER && tenant != null) {
            throw group.wrongly("Controllers belong to no tenant; --tenant is for nodes.");
        }
        AdminClient admin = group.admin();
        Fields fields = new Fields()
                .put("kind", kind == Kind.NODE ? "node" : "controller")
                .put("tenant", tenant == null || tenant.equals(SHARED) ? tenant : admin.project(tenant))
                .put("name", name)
                .put("valid_seconds", valid == null ? null : valid.toSeconds());
        JsonNode token = admin.agent().post(AgentCommand.TOKENS, fields.map());
        String what = "Token " + JsonTable.text(token, "id") + " lets one " + JsonTable.text(token, "kind") + " of "
                + JsonTable.text(token, "tenant") + " in until " + JsonTable.text(token, "expires_at")
                + ". On its machine, with this controller's address in the place of HOST:\n"
                + "  LLM_FACTORY_JOIN_TOKEN=... ./factory up --feature "
                + (kind == Kind.NODE ? "cpu-node" : "controller") + " --join " + joinUrl(admin);
        return group.done(what, token.path("token").asText(), token);
    }

    private static String joinUrl(AdminClient admin) {
        return admin.agent().url().replace("127.0.0.1", "HOST");
    }
}
