package org.llmfactory.executor.process;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.llmfactory.api.agent.Drainable;
import org.llmfactory.api.agent.Home;
import org.llmfactory.executor.Config;
import org.llmfactory.executor.command.CommandCatalog;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The commands and the processes of this agent, and the threads that look after them. When it ends, so do they; when an
 * earlier agent with this home was killed, what it has left behind ends now.
 */
@Component(
        service = {Processes.class, Drainable.class},
        configurationPid = Config.PID)
@Designate(ocd = Config.class)
public final class Processes implements Drainable, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Processes.class);
    private static final Duration KILL = Duration.ofSeconds(6);

    private final CommandCatalog commands;
    private final ProcessTable table;
    private final Duration grace;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "executor");
        thread.setDaemon(true);
        return thread;
    });

    @Activate
    public Processes(@Reference Home home, @Reference ProcessAudit audit, Config config) {
        this(
                home,
                audit,
                List.of(config.commands()),
                config.maximumRunning(),
                Duration.ofSeconds(config.graceSeconds()),
                System.getenv());
    }

    /** The same, with the agent's environment as it is given. */
    public Processes(
            Home home,
            ProcessAudit audit,
            List<String> configured,
            int maximum,
            Duration grace,
            Map<String, String> environment) {
        Launcher launcher = new Launcher(home.root(), home.cache(), environment);
        this.commands = new CommandCatalog(configured, home.root().resolve("executor"));
        this.table = new ProcessTable(launcher, audit, maximum, grace);
        this.grace = grace;
        if (!launcher.endOrphans(grace)) {
            LOG.error("A process that an earlier run of this agent has left behind cannot be ended");
        }
    }

    public CommandCatalog commands() {
        return commands;
    }

    public ProcessTable table() {
        return table;
    }

    /** For work that waits. */
    public ExecutorService threads() {
        return threads;
    }

    /** Detached processes end with the plugin and come back with it, so only those of streams are waited for. */
    @Override
    public boolean drain(Duration deadline) throws InterruptedException {
        table.drain();
        return table.awaitEmpty(false, deadline);
    }

    @Override
    public void resume() {
        table.resume();
    }

    /** Ends all processes. */
    @Override
    @Deactivate
    public void close() {
        table.drain();
        table.all().forEach(ProcessTable.Place::stop);
        try {
            if (!table.awaitEmpty(true, grace.plus(KILL))) {
                LOG.error("Not all processes could be ended: {}", table.all().size());
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow();
    }
}
