package org.llmfactory.executor.detached;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.llmfactory.api.agent.Home;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.executor.command.Command;
import org.llmfactory.executor.command.Detachment;
import org.llmfactory.executor.detached.DetachedStore.Kept;
import org.llmfactory.executor.process.Exit;
import org.llmfactory.executor.process.ProcessTable;
import org.llmfactory.executor.process.Processes;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The processes that run on their own. They end with the agent and come back with it. */
@Component(service = DetachedProcesses.class, immediate = true)
public final class DetachedProcesses implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DetachedProcesses.class);
    private static final long LOG_BYTES = 8 << 20;

    private final Processes processes;
    private final DetachedStore store;
    private final Path logs;
    private final Map<String, Kept> running = new ConcurrentHashMap<>();
    private volatile boolean ending;

    /** @throws IOException when it cannot be read what is to run */
    @Activate
    public DetachedProcesses(@Reference Home home, @Reference Processes processes) throws IOException {
        this.processes = processes;
        this.store = new DetachedStore(home.root().resolve("executor").resolve("detached"));
        this.logs = home.logs().resolve("executor");
        store.all().forEach(this::resume);
    }

    private void resume(Kept kept) {
        try {
            Command command = processes.commands().find(kept.command());
            Detachment how = detachment(command);
            ProcessTable.Place place = processes
                    .table()
                    .take(command, kept.arguments(), AgentAddress.parse(kept.caller()), true, kept.id());
            run(place, how, kept);
        } catch (FactoryException | IllegalArgumentException refused) {
            LOG.warn("{}, the command {}, is not started again", kept.id(), kept.command(), refused);
        }
    }

    /**
     * Starts a command that runs on its own.
     *
     * @param key a caller's own name for it: one that runs under that name is left as it is; empty for none
     * @return its id
     * @throws FactoryException {@code NOT_FOUND}, {@code INVALID_VALUE} for a command that does not run on its own, and as
     *     {@link ProcessTable#take}
     */
    public synchronized String start(String name, List<String> arguments, AgentAddress caller, String key) {
        Command command = processes.commands().find(name);
        Detachment how = detachment(command);
        for (Kept other : running.values()) {
            if (!key.isEmpty() && key.equals(other.key())) {
                return same(other, name, arguments);
            }
        }
        ProcessTable.Place place = processes.table().take(command, arguments, caller, true);
        Kept kept = new Kept(place.entry().id(), key, name, arguments, caller.toString());
        try {
            store.write(kept);
        } catch (IOException failure) {
            place.end(new Exit(-1, "It could not be kept."));
            throw new FactoryException(
                    ErrorCode.INTERNAL, "The agent cannot write down what is to run, so it does not run.", failure);
        }
        run(place, how, kept);
        return kept.id();
    }

    private static String same(Kept other, String name, List<String> arguments) {
        if (!other.command().equals(name) || !other.arguments().equals(arguments)) {
            throw new FactoryException(
                    ErrorCode.CONFLICT, "Something else runs under the key '" + other.key() + "'; end it first.");
        }
        return other.id();
    }

    private void run(ProcessTable.Place place, Detachment how, Kept kept) {
        running.put(kept.id(), kept);
        processes
                .threads()
                .execute(new DetachedProcess(place, how, log(kept.id()), processes.threads(), () -> ended(kept)));
    }

    private void ended(Kept kept) {
        running.remove(kept.id());
        if (!ending) {
            store.remove(kept.id());
        }
    }

    private static Detachment detachment(Command command) {
        return command.detached()
                .orElseThrow(() -> FactoryException.ofParameter(
                        ErrorCode.INVALID_VALUE,
                        "command",
                        "The command " + command.name() + " does not run on its own; open a stream for it."));
    }

    /**
     * The end of what a detached process has written.
     *
     * @throws FactoryException {@code NOT_FOUND} when none of this id runs
     */
    public String output(String id, int bytes) {
        if (!running.containsKey(id)) {
            throw new FactoryException(ErrorCode.NOT_FOUND, "No detached process of that id runs on this agent.");
        }
        try {
            return log(id).tail(bytes);
        } catch (IOException failure) {
            throw new FactoryException(ErrorCode.INTERNAL, "The output of the process cannot be read.", failure);
        }
    }

    private OutputLog log(String id) {
        return new OutputLog(logs.resolve(id + ".log"), LOG_BYTES);
    }

    /** Ends all of them, to come back with the next agent. */
    @Override
    @Deactivate
    public void close() {
        ending = true;
        for (String id : running.keySet()) {
            processes.table().find(id).ifPresent(ProcessTable.Place::stop);
        }
    }
}
