package org.llmfactory.executor.action;

import java.time.Instant;
import java.util.List;
import org.llmfactory.api.network.AgentAction;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.Meaning;
import org.llmfactory.executor.process.ProcessEntry;
import org.llmfactory.executor.process.ProcessTable;
import org.llmfactory.executor.process.Processes;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Which processes run. */
@Component(service = AgentAction.class)
public final class ListAction implements AgentAction<ListAction.Arguments, ListAction.Result> {
    /** Nothing. */
    public record Arguments() {}

    /** All of them. */
    public record Result(
            @Meaning("the processes, oldest first") List<Shown> processes) {
        public Result {
            processes = List.copyOf(processes);
        }
    }

    /** One of them. */
    public record Shown(
            @Meaning("its id, as process.kill takes it") String id,
            @Meaning("the name of its command") String command,

            @Meaning("the address of the agent that asked for it")
            String caller,

            @Meaning("when it was asked for") Instant started,

            @Meaning("whether it runs on its own, and not on a stream")
            boolean detached,

            @Meaning("starting, running, unwell or waiting (until it is started again)")
            String state) {}

    private final Processes processes;

    @Activate
    public ListAction(@Reference Processes processes) {
        this.processes = processes;
    }

    @Override
    public String name() {
        return "process.list";
    }

    @Override
    public String why() {
        return "Lists the processes that the executor runs on this agent";
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
        return new Result(
                processes.table().all().stream().map(ListAction::shown).toList());
    }

    private static Shown shown(ProcessTable.Place place) {
        ProcessEntry entry = place.entry();
        return new Shown(
                entry.id(),
                entry.command(),
                entry.caller().toString(),
                entry.started(),
                entry.detached(),
                place.state());
    }
}
