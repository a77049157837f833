package org.llmfactory.launcher.command;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llmfactory.launcher.agent.Agent;
import org.llmfactory.launcher.agent.AgentClient;
import org.llmfactory.launcher.agent.Installation;
import org.llmfactory.launcher.terminal.Terminal;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that go with every command. */
public final class Options {
    static final int DEFAULT_PORT = 8080;

    private static final String KEY_VARIABLE = "LLMFACTORY_API_KEY";

    @Option(
            names = "--home",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "The directory that holds all state (default: ~/.llm-factory).")
    @Nullable
    Path home;

    @Option(
            names = "--port",
            paramLabel = "N",
            scope = ScopeType.INHERIT,
            description = "The HTTP port of an agent that is started (default: 8080).")
    @Nullable
    Integer port;

    @Option(
            names = "--api-key-file",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "Holds the API key to use (default: $LLMFACTORY_API_KEY, or the home's admin.key).")
    @Nullable
    Path apiKeyFile;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Answer with one line of JSON.")
    boolean json;

    Path home() {
        Path chosen = home == null ? Path.of(System.getProperty("user.home"), ".llm-factory") : home;
        return chosen.toAbsolutePath().normalize();
    }

    int port() {
        return port == null ? DEFAULT_PORT : port;
    }

    boolean isPortGiven() {
        return port != null;
    }

    Terminal terminal() {
        return new Terminal(System.out, System.err, json, Boolean.getBoolean("llmfactory.terminal"));
    }

    Installation installation() {
        return Installation.located();
    }

    Agent agent() {
        return new Agent(installation(), home());
    }

    /** The running agent, to be talked to with the key that was chosen. */
    AgentClient client() {
        AgentClient client = agent().client();
        if (apiKeyFile != null) {
            return client.withKeyFile(apiKeyFile);
        }
        return keyOfEnvironment().map(client::withKey).orElse(client);
    }

    /** Whether no other key than the administrator's was chosen. */
    boolean isAdministrator() {
        return apiKeyFile == null && keyOfEnvironment().isEmpty();
    }

    private static Optional<String> keyOfEnvironment() {
        return Optional.ofNullable(System.getenv(KEY_VARIABLE))
                .map(String::strip)
                .filter(key -> !key.isEmpty());
    }
}
