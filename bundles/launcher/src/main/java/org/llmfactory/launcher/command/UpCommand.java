package org.llmfactory.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.llmfactory.launcher.LauncherException;
import org.llmfactory.launcher.agent.Agent;
import org.llmfactory.launcher.agent.AgentState;
import org.llmfactory.launcher.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Starts the agent of a home. */
@Command(name = "up", description = "Start the agent in the background and wait until it is healthy.")
final class UpCommand implements Callable<Integer> {
    @ParentCommand
    Factory factory = new Factory();

    @Option(
            names = "--feature",
            paramLabel = "NAME",
            defaultValue = "all-in-one",
            description = "What the agent consists of: all-in-one, controller, cpu-node, gpu-node, debug (default:"
                    + " ${DEFAULT-VALUE}).")
    String feature = "all-in-one";

    @Mixin
    JoinOptions network = new JoinOptions();

    @Override
    public Integer call() throws InterruptedException {
        Terminal terminal = factory.options.terminal();
        Agent agent = factory.options.agent();
        Optional<AgentState> running = agent.running();
        running.ifPresent(this::requireAsked);
        long start = System.nanoTime();
        AgentState state = agent.start(factory.options.port(), feature, network.properties());
        double seconds = (System.nanoTime() - start) / 1e9;
        terminal.say(
                running.isPresent()
                        ? String.format("LLM Factory is up already: %s", state.url())
                        : String.format("LLM Factory is up after %.1f s: %s", seconds, state.url()));
        terminal.say("  administrator's key: " + agent.administratorKey());
        terminal.say("  log:                 " + agent.log());
        Optional<JsonNode> membership = network.apply(factory.options.client(), terminal);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("url", state.url());
        answer.put("pid", state.pid());
        answer.put("port", state.port());
        answer.put("feature", state.feature());
        answer.put("home", agent.home().toString());
        answer.put("admin_key", agent.administratorKey().toString());
        answer.put("log", agent.log().toString());
        answer.put("started", running.isEmpty());
        answer.put("seconds", seconds);
        membership.ifPresent(joined -> answer.put("network", joined));
        terminal.answer(answer);
        return 0;
    }

    private void requireAsked(AgentState state) {
        if (factory.options.isPortGiven() && factory.options.port() != state.port()) {
            throw new LauncherException("The agent of this home runs already, on port " + state.port()
                    + ". Stop it first with: ./factory down");
        }
        if (network.host != null || network.port != null) {
            throw new LauncherException(
                    "The agent of this home runs already, so that its broker cannot move. Stop it first"
                            + " with: ./factory down");
        }
    }
}
