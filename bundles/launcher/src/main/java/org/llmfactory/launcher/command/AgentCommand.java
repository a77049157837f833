package org.llmfactory.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.llmfactory.launcher.LauncherException;
import org.llmfactory.launcher.admin.AdminClient;
import org.llmfactory.launcher.terminal.JsonTable;
import org.llmfactory.launcher.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;

/** The network of agents: who is in it, who comes in, what they are asked. */
@Command(
        name = "agent",
        description = "The network: let agents in and put them out, see them, ask them for something.",
        scope = ScopeType.INHERIT,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./factory agent token --tenant research --valid 30m",
            "  ./factory up --feature cpu-node --join http://controller:8080 --token-file token.txt",
            "  ./factory agent list",
            "  ./factory agent call shared/node-1 agent.ping",
            "  ./factory agent tunnel shared/node-1 127.0.0.1:5432",
            "  ./factory agent revoke shared/node-1"
        },
        subcommands = AgentTokenCommand.class)
final class AgentCommand extends AdminCommand {
    static final String TOKENS = "/admin/network/tokens";
    static final String MEMBERSHIP = "/admin/network";
    private static final String MEMBERS = "/admin/network/agents";
    private static final String AGENTS = "/admin/agents";
    private static final String TUNNELS = "/admin/tunnels";
    private static final String ADDRESS = "ADDRESS";
    private static final String ADDRESS_HELP = "Tenant and name, for example shared/node-1.";

    @Command(name = "tokens", description = "List the tokens, without their secrets.")
    int tokens(
            @Option(names = "--revoke", paramLabel = "ID", description = "Take one back that nobody has used.")
                    @Nullable
                    String revoked)
            throws InterruptedException {
        if (revoked != null) {
            return done("Took back " + revoked, admin().agent().delete(AdminClient.path(TOKENS, revoked)));
        }
        return list(
                admin().list(TOKENS),
                "id",
                "state",
                "kind",
                "tenant",
                "name",
                "agent",
                "created_by",
                "created_at",
                "expires_at");
    }

    @Command(
            name = "revoke",
            description = "Put an agent out of the network: nobody believes its certificate from now on.")
    int revoke(
            @Parameters(paramLabel = ADDRESS, description = ADDRESS_HELP) String address,
            @Option(names = "--forget", description = "Take it off the list too, so that its name is free.")
                    boolean forget)
            throws InterruptedException {
        String path = path(MEMBERS, address);
        return forget
                ? done("Revoked and forgot " + address, admin().agent().delete(path))
                : done("Revoked " + address, admin().agent().post(path + "/revoke", Map.of()));
    }

    @Command(
            name = "members",
            description = "List the agents that this controller has let in, whether they run or not.")
    int members() throws InterruptedException {
        return list(admin().list(MEMBERS), "address", "joined_at", "renewed_at", "expires_at", "revoked_at");
    }

    @Command(name = "leave", description = "Take this agent out of its network.")
    int leave() throws InterruptedException {
        JsonNode left = admin().agent().delete(MEMBERSHIP);
        return done(
                left.path("controller_told").asBoolean()
                        ? "This agent has left its network."
                        : "This agent has left its network, but no controller heard of it. Revoke it there with:"
                                + " ./factory agent revoke ADDRESS --forget",
                left);
    }

    @Command(name = "status", description = "Say which network this agent is a member of.")
    int status() throws InterruptedException {
        JsonNode membership = admin().agent().get(MEMBERSHIP);
        if (!membership.path("member").asBoolean()) {
            terminal().say("This agent is a member of no network.");
        }
        return show(membership);
    }

    @Command(name = "list", description = "List the agents that report to this controller.")
    int list() throws InterruptedException {
        JsonNode agents = admin().agent().get(AGENTS);
        return show(
                agents.path("data").isEmpty()
                        ? List.of("No agent reports here. Let one in with: ./factory agent token")
                        : AgentText.table(agents.path("data")),
                agents);
    }

    @Command(name = "show", description = "Show what an agent has, runs and does.")
    int show(@Parameters(paramLabel = ADDRESS, description = ADDRESS_HELP) String address) throws InterruptedException {
        JsonNode agent = admin().agent().get(path(AGENTS, address));
        return show(AgentText.details(agent), agent);
    }

    @Command(
            name = "call",
            description = "Ask an agent for an action and print what it answers; without an action, list those it has.")
    int call(
            @Parameters(paramLabel = ADDRESS, description = ADDRESS_HELP) String address,
            @Parameters(paramLabel = "ACTION", arity = "0..1", description = "For example agent.ping.") @Nullable
                    String action,
            @Parameters(paramLabel = "JSON", arity = "0..1", description = "Its arguments, an object (default: {}).")
                    @Nullable
                    String arguments)
            throws InterruptedException {
        String actions = path(AGENTS, address) + "/actions";
        if (action == null) {
            return actions(admin().agent().get(actions));
        }
        JsonNode answer = admin().agent().post(AdminClient.path(actions, action), object(arguments));
        if (!terminal().isJson()) {
            terminal().say(answer.toPrettyString());
        }
        terminal().answer(answer);
        return 0;
    }

    @Command(
            name = "tunnel",
            description = {
                "Listen on this machine and carry each connection to where an agent can reach.",
                "The agent's configuration must allow the target; nothing is allowed unless it says so."
            })
    int tunnel(
            @Parameters(paramLabel = ADDRESS, description = ADDRESS_HELP) String address,
            @Parameters(paramLabel = "HOST:PORT", description = "What the agent dials.") String target,
            @Option(names = "--listen", paramLabel = "PORT", description = "Where to listen (default: any free port).")
                    int port)
            throws InterruptedException {
        JsonNode tunnel = admin().agent().post(TUNNELS, Map.of("agent", address, "target", target, "port", port));
        return done(
                "Tunnel " + JsonTable.text(tunnel, "id") + " to " + target + " on " + address
                        + " takes connections at:",
                JsonTable.text(tunnel, "host") + ":" + JsonTable.text(tunnel, "port"),
                tunnel);
    }

    @Command(name = "tunnels", description = "List the tunnels that begin at this agent.")
    int tunnels(
            @Option(names = "--close", paramLabel = "ID", description = "Close one, and its connections.") @Nullable
                    String closed)
            throws InterruptedException {
        if (closed != null) {
            return done("Closed " + closed, admin().agent().delete(AdminClient.path(TUNNELS, closed)));
        }
        return list(
                admin().list(TUNNELS),
                "id",
                "agent",
                "target",
                "port",
                "connections",
                "bytes",
                "created_at",
                "last failure=last_failure");
    }

    private int actions(JsonNode actions) {
        for (JsonNode action : actions.path("data")) {
            terminal().say(JsonTable.text(action, "name") + "  " + JsonTable.text(action, "why"));
            fields("takes", action.path("parameters"));
            fields("gives", action.path("returns"));
        }
        terminal().answer(actions);
        return 0;
    }

    private void fields(String what, JsonNode fields) {
        for (JsonNode field : fields) {
            terminal()
                    .say("    " + what + " " + JsonTable.text(field, "name") + " (" + JsonTable.text(field, "type")
                            + "): " + JsonTable.text(field, "meaning"));
        }
    }

    private static ObjectNode object(@Nullable String arguments) {
        return arguments == null
                ? Terminal.JSON.createObjectNode()
                : JsonFile.parse("What stands behind the action", arguments);
    }

    private static String path(String root, String address) {
        int slash = address.indexOf('/');
        if (slash < 1 || slash == address.length() - 1 || slash != address.lastIndexOf('/')) {
            throw new LauncherException("'" + address + "' is no agent's address; one looks like shared/node-1.");
        }
        return AdminClient.path(root, address.substring(0, slash), address.substring(slash + 1));
    }
}
