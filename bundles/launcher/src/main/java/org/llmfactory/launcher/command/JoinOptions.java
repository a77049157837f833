package org.llmfactory.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llmfactory.launcher.LauncherException;
import org.llmfactory.launcher.agent.AgentClient;
import org.llmfactory.launcher.terminal.JsonTable;
import org.llmfactory.launcher.terminal.Terminal;
import picocli.CommandLine.Option;

/** Which network a started agent joins, and how it is known there. */
final class JoinOptions {
    private static final String TOKEN_VARIABLE = "LLM_FACTORY_JOIN_TOKEN";

    @Option(
            names = "--join",
            paramLabel = "URL",
            description =
                    "Join the network of the controller at this URL. Needs a token, unless the agent is in already and its"
                            + " certificate has not ended.")
    @Nullable
    String url;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description =
                    "From ./factory agent token on the controller. Others on this machine can see it in the list of"
                            + " processes; better: --token-file, or $" + TOKEN_VARIABLE + ".")
    @Nullable
    String token;

    @Option(names = "--token-file", paramLabel = "FILE", description = "A file with the token and nothing else.")
    @Nullable
    Path tokenFile;

    @Option(
            names = "--name",
            description = "What the agent is called in the network (default: its host and four digits).")
    @Nullable
    String name;

    @Option(
            names = "--label",
            paramLabel = "NAME=TEXT",
            description = "Labels for placing work; all that it has, when one is given. May be repeated.")
    Map<String, String> labels = Map.of();

    @Option(
            names = "--network-host",
            paramLabel = "HOST",
            description = "Where a controller's broker listens (default: 127.0.0.1).")
    @Nullable
    String host;

    @Option(
            names = "--network-port",
            paramLabel = "N",
            description = "The port of a controller's broker (default: 61617).")
    @Nullable
    Integer port;

    /** System properties of the agent that is started. */
    Map<String, String> properties() {
        Map<String, String> properties = new LinkedHashMap<>();
        if (host != null) {
            properties.put("llmfactory.network.host", host);
        }
        if (port != null) {
            properties.put("llmfactory.network.port", port.toString());
        }
        if (name != null) {
            properties.put("llmfactory.network.name", name);
        }
        return properties;
    }

    /**
     * Joins, and gives the agent its labels.
     *
     * @return its membership; empty when nothing was asked of this kind
     */
    Optional<JsonNode> apply(AgentClient agent, Terminal terminal) throws InterruptedException {
        if (url == null && labels.isEmpty()) {
            return Optional.empty();
        }
        JsonNode membership = agent.get(AgentCommand.MEMBERSHIP);
        if (url != null && isMember(membership)) {
            terminal.say("  in the network as:   " + JsonTable.text(membership, "address") + ", since before");
        } else if (url != null) {
            membership = join(agent, url);
            terminal.say("  in the network as:   " + JsonTable.text(membership, "address"));
        }
        return Optional.of(labels.isEmpty() ? membership : agent.put(AgentCommand.MEMBERSHIP + "/labels", labels));
    }

    /** One whose certificate has ended comes back with a new token. */
    private static boolean isMember(JsonNode membership) {
        JsonNode end = membership.path("expires_at");
        boolean over = end.isNumber() && Instant.now().isAfter(Instant.ofEpochSecond(end.asLong()));
        return membership.path("member").asBoolean() && !over;
    }

    private JsonNode join(AgentClient agent, String controller) throws InterruptedException {
        Fields fields =
                new Fields().put("url", controller).put("token", token()).put("name", name);
        try {
            return agent.post(AgentCommand.MEMBERSHIP, fields.map());
        } catch (LauncherException e) {
            throw new LauncherException(
                    "The agent runs at " + agent.url() + ", but did not join. " + e.getMessage()
                            + " Try again with the same command; the agent need not be stopped.",
                    e);
        }
    }

    private String token() {
        if (token != null && tokenFile != null) {
            throw new LauncherException("Say the token by --token or by --token-file, not both.");
        }
        if (tokenFile != null) {
            try {
                return Files.readString(tokenFile).strip();
            } catch (IOException e) {
                throw new LauncherException("The token cannot be read from " + tokenFile + ".", e);
            }
        }
        return Optional.ofNullable(token)
                .or(() -> Optional.ofNullable(System.getenv(TOKEN_VARIABLE)))
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .orElseThrow(() -> new LauncherException(
                        "To join, a token is needed. Make one on the controller with: ./factory agent token, and give it by"
                                + " --token-file, or by the environment's " + TOKEN_VARIABLE + "."));
    }
}
