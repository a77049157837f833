package org.llmfactory.launcher.command;

import java.util.Map;
import java.util.concurrent.Callable;
import org.llmfactory.launcher.agent.Agent;
import org.llmfactory.launcher.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** Stops the agent of a home. */
@Command(name = "down", description = "Stop the agent and wait until it has ended.")
final class DownCommand implements Callable<Integer> {
    @ParentCommand
    Factory factory = new Factory();

    @Override
    public Integer call() throws InterruptedException {
        Terminal terminal = factory.options.terminal();
        Agent agent = factory.options.agent();
        boolean stopped = agent.stop();
        terminal.say(stopped ? "LLM Factory is down." : "No agent runs on " + agent.home() + ".");
        terminal.answer(Map.of("stopped", stopped, "home", agent.home().toString()));
        return 0;
    }
}
