package org.llmfactory.executor.action;

import java.util.List;
import java.util.Objects;
import org.llmfactory.api.network.AgentAction;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.Meaning;
import org.llmfactory.executor.detached.DetachedProcesses;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Starts a detached process. */
@Component(service = AgentAction.class)
public final class StartAction implements AgentAction<StartAction.Arguments, StartAction.Result> {
    /** What to start. */
    public record Arguments(
            @Meaning("the name of the command") String command,
            @Meaning("arguments beside the command's own") List<String> arguments,

            @Meaning("the caller's own name for it, empty for none: what runs under it is not started twice")
            String key) {
        public Arguments {
            command = Objects.requireNonNullElse(command, "");
            arguments = List.copyOf(Objects.requireNonNullElse(arguments, List.of()));
            key = Objects.requireNonNullElse(key, "");
        }
    }

    /** What was started. */
    public record Result(@Meaning("its id") String id) {}

    private final DetachedProcesses detached;

    @Activate
    public StartAction(@Reference DetachedProcesses detached) {
        this.detached = detached;
    }

    @Override
    public String name() {
        return "process.start";
    }

    @Override
    public String why() {
        return "Starts a command that runs on its own until it is ended";
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
        return new Result(detached.start(arguments.command(), arguments.arguments(), caller, arguments.key()));
    }
}
