package org.llmfactory.executor.action;

import com.google.re2j.Pattern;
import java.time.Duration;
import java.util.List;
import org.llmfactory.api.network.AgentAction;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.Meaning;
import org.llmfactory.executor.command.Command;
import org.llmfactory.executor.process.Processes;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Which commands may be run. */
@Component(service = AgentAction.class)
public final class CommandsAction implements AgentAction<CommandsAction.Arguments, CommandsAction.Result> {
    /** Nothing. */
    public record Arguments() {}

    /** All of them. */
    public record Result(@Meaning("the commands by name") List<Allowed> commands) {
        public Result {
            commands = List.copyOf(commands);
        }
    }

    /** One of them. */
    public record Allowed(
            @Meaning("its name") String name,

            @Meaning("regular expressions; each argument must match one of them as a whole")
            List<String> arguments,

            @Meaning("how many arguments may be given") int maximumArguments,
            @Meaning("whether process.start takes it") boolean detached,
            @Meaning("how many may run at once") int maximumRunning,
            @Meaning("how long it may run on a stream") Duration limit) {
        public Allowed {
            arguments = List.copyOf(arguments);
        }
    }

    private final Processes processes;

    @Activate
    public CommandsAction(@Reference Processes processes) {
        this.processes = processes;
    }

    @Override
    public String name() {
        return "process.commands";
    }

    @Override
    public String why() {
        return "Lists the commands that may be run on this agent and the arguments they take";
    }

    @Override
    public Class<Arguments> arguments() {
        return Arguments.class;
    }

    @Override
    public Class<Result> result() {
        return Result.class;
    }

    @Override
    public Callers callers() {
        return Callers.CONTROLLERS;
    }

    @Override
    public Result perform(AgentAddress caller, Arguments arguments) {
        return new Result(processes.commands().all().stream()
                .filter(command -> command.isFor(caller))
                .map(CommandsAction::allowed)
                .toList());
    }

    private static Allowed allowed(Command command) {
        return new Allowed(
                command.name(),
                command.extra().patterns().stream().map(Pattern::pattern).toList(),
                command.extra().maximum(),
                command.detached().isPresent(),
                command.maximumRunning(),
                command.limit());
    }
}
