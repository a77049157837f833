package org.llmfactory.executor.action;

import org.llmfactory.api.network.AgentAction;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.Meaning;
import org.llmfactory.executor.detached.DetachedProcesses;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** What a detached process says. */
@Component(service = AgentAction.class)
public final class LogAction implements AgentAction<LogAction.Arguments, LogAction.Result> {
    private static final int BYTES = 32 << 10;

    /** Of which one. */
    public record Arguments(
            @Meaning("its id, from process.list") String id) {}

    /** What it wrote. */
    public record Result(
            @Meaning("output and errors as they came, the newest at the end; 32 KiB at most")
            String text) {}

    private final DetachedProcesses detached;

    @Activate
    public LogAction(@Reference DetachedProcesses detached) {
        this.detached = detached;
    }

    @Override
    public String name() {
        return "process.log";
    }

    @Override
    public String why() {
        return "Shows the end of what a detached process has written";
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
        return new Result(detached.output(arguments.id(), BYTES));
    }
}
