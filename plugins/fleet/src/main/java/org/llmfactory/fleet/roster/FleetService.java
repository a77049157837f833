package org.llmfactory.fleet.roster;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.Fleet;
import org.llmfactory.api.network.StreamListener;
import org.llmfactory.api.network.StreamService;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The roster as services: takes reports from the network and answers questions about agents. */
@Component(
        service = {Fleet.class, StreamService.class, FleetService.class},
        configurationPid = "org.llmfactory.fleet")
@Designate(ocd = Config.class)
public final class FleetService implements Fleet, StreamService {
    private static final Logger log = LoggerFactory.getLogger(FleetService.class);
    private static final Duration STEP = Duration.ofMillis(250);

    private final Notifier notifier = new Notifier();
    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
    private final Roster roster;
    private final ScheduledExecutorService sweeper = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "llmfactory-fleet-sweeper");
        thread.setDaemon(true);
        return thread;
    });
    private final Future<?> sweeps;
    private long swept = System.nanoTime();

    @Activate
    public FleetService(Config config) {
        this(Limits.of(config));
    }

    FleetService(Limits limits) {
        roster = new Roster(limits, Clock.systemUTC(), System::nanoTime, this::changed);
        sweeps = sweeper.scheduleWithFixedDelay(this::sweep, STEP.toMillis(), STEP.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Deactivate
    void stop() {
        sweeps.cancel(false);
        sweeper.shutdown();
        notifier.close();
        roster.close();
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindListener(Fleet.Listener listener) {
        notifier.add(listener);
    }

    void unbindListener(Fleet.Listener listener) {
        notifier.remove(listener);
    }

    /** Lets someone of this plugin hear of every change. */
    public void watch(Watcher watcher) {
        watchers.add(watcher);
    }

    public void unwatch(Watcher watcher) {
        watchers.remove(watcher);
    }

    /** What agents have sent. */
    public MessageCounts counts() {
        return roster.counts();
    }

    private void changed(Change change, Member member) {
        if (change != Change.FORGOTTEN) {
            notifier.changed(member);
        }
        watchers.forEach(watcher -> watcher.onChange(change, member));
    }

    private void sweep() {
        long now = System.nanoTime();
        Duration late = Duration.ofNanos(Math.max(0, now - swept - 2 * STEP.toNanos()));
        swept = now;
        try {
            roster.sweep(late);
        } catch (RuntimeException e) {
            log.error("Agents could not be looked after", e);
        }
    }

    @Override
    public List<Member> members() {
        return roster.members();
    }

    @Override
    public Optional<Member> member(AgentAddress address) {
        return roster.member(address);
    }

    @Override
    public String name() {
        return roster.name();
    }

    @Override
    public Callers callers() {
        return roster.callers();
    }

    @Override
    public StreamListener accept(AgentStream stream, byte[] request) {
        return roster.accept(stream, request);
    }
}
