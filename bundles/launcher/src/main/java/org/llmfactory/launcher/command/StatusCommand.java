package org.llmfactory.launcher.command;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.llmfactory.launcher.agent.Agent;
import org.llmfactory.launcher.agent.AgentState;
import org.llmfactory.launcher.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** Says how the agent of a home is: exit code 0 when it is healthy, 1 when it is not or does not run. */
@Command(name = "status", description = "Say how the agent is (exit code 0: healthy, 1: not healthy or not running).")
final class StatusCommand implements Callable<Integer> {
    @ParentCommand
    Factory factory = new Factory();

    @Override
    public Integer call() throws InterruptedException {
        Terminal terminal = factory.options.terminal();
        Agent agent = factory.options.agent();
        Optional<AgentState> running = agent.running();
        boolean healthy = running.isPresent() && agent.client().isHealthy();
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("home", agent.home().toString());
        answer.put("running", running.isPresent());
        answer.put("healthy", healthy);
        running.ifPresent(state -> {
            answer.put("url", state.url());
            answer.put("pid", state.pid());
            answer.put("feature", state.feature());
        });
        terminal.say(running.map(state -> describe(state, healthy)).orElse("No agent runs on " + agent.home() + "."));
        terminal.answer(answer);
        return healthy ? 0 : 1;
    }

    private static String describe(AgentState state, boolean healthy) {
        return String.format(
                "%s (%s) runs at %s as process %d",
                state.feature(), healthy ? "healthy" : "NOT healthy", state.url(), state.pid());
    }
}
