package org.llmfactory.executor.action;

import java.util.Optional;
import org.llmfactory.api.network.AgentAction;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.Meaning;
import org.llmfactory.executor.process.ProcessTable;
import org.llmfactory.executor.process.Processes;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Ends a process. */
@Component(service = AgentAction.class)
public final class KillAction implements AgentAction<KillAction.Arguments, KillAction.Result> {
    /** Which one. */
    public record Arguments(
            @Meaning("its id, from process.list") String id) {}

    /** Whether there was one. It may take a few seconds until it has ended. */
    public record Result(
            @Meaning("false when no such process was running")
            boolean ending) {}

    private final Processes processes;

    @Activate
    public KillAction(@Reference Processes processes) {
        this.processes = processes;
    }

    @Override
    public String name() {
        return "process.kill";
    }

    @Override
    public String why() {
        return "Ends a process of this agent, with everything that it has started";
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
        Optional<ProcessTable.Place> place = processes.table().find(arguments.id());
        place.ifPresent(ProcessTable.Place::stop);
        return new Result(place.isPresent());
    }
}
