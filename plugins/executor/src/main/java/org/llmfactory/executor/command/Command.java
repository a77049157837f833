package org.llmfactory.executor.command;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Callers;

/**
 * A command that may be run. No shell is between it and the system: arguments arrive as they are.
 *
 * @param name by which it is called
 * @param program an absolute path
 * @param arguments that always come first
 * @param extra which arguments a caller may add
 * @param environment names of variables that are taken over from the agent's own environment
 * @param variables further variables
 * @param folder where it runs, relative to the executor's folder in the home's cache; empty for one of its own that is
 *     removed afterwards
 * @param limit how long it may run on a stream
 * @param memoryBytes what must be free when it is started; 0 when that does not matter
 * @param maximumRunning how many at once
 * @param publicArguments whether a caller's arguments may be entered in ledger and log
 * @param callers who may run it: {@code CONTROLLERS}, or agents of the same tenant too
 * @param detached how it runs on its own; empty when it does not
 */
public record Command(
        String name,
        Path program,
        List<String> arguments,
        ArgumentRule extra,
        Set<String> environment,
        Map<String, String> variables,
        Optional<Path> folder,
        Duration limit,
        long memoryBytes,
        int maximumRunning,
        boolean publicArguments,
        Callers callers,
        Optional<Detachment> detached) {
    public Command {
        arguments = List.copyOf(arguments);
        environment = Set.copyOf(environment);
        variables = Map.copyOf(variables);
    }

    /**
     * The whole command line.
     *
     * @param added by the caller
     * @throws FactoryException {@code INVALID_VALUE} for arguments that are not allowed
     */
    public List<String> line(List<String> added) {
        extra.check(name, added);
        List<String> line = new ArrayList<>();
        line.add(program.toString());
        line.addAll(arguments);
        line.addAll(added);
        return List.copyOf(line);
    }

    /** Whether an agent that reaches this one may run it. */
    public boolean isFor(AgentAddress caller) {
        return caller.isController() || callers != Callers.CONTROLLERS;
    }

    /**
     * Refuses an agent that may not run it.
     *
     * @throws FactoryException {@code PERMISSION_DENIED}
     */
    public void admit(AgentAddress caller) {
        if (!isFor(caller)) {
            throw new FactoryException(
                    ErrorCode.PERMISSION_DENIED, "The command " + name + " is for controllers only.");
        }
    }
}
