package org.llmfactory.fleet.attendance;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.llmfactory.api.network.AgentReport.EngineReport;
import org.llmfactory.api.network.Fleet.Member;
import org.llmfactory.fleet.roster.FleetService;
import org.llmfactory.fleet.roster.MessageCounts;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole subtree in the controller's own metrics. The number of time series is bounded: agents are counted by region and
 * feature, and only so many engines are told apart.
 */
@Component(service = FleetMetrics.class, immediate = true)
public final class FleetMetrics {
    private static final Logger log = LoggerFactory.getLogger(FleetMetrics.class);
    private static final Duration STEP = Duration.ofSeconds(5);
    /** Engines that are told apart, and groups of agents. */
    static final int MOST = 1000;

    private final FleetService fleet;
    private final MeterRegistry registry;
    private final MultiGauge agents;
    private final MultiGauge running;
    private final MultiGauge waiting;
    private final List<Meter> counters;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "llmfactory-fleet-metrics");
        thread.setDaemon(true);
        return thread;
    });
    private final Future<?> updates;

    private record Group(String region, String feature, String state) implements Comparable<Group> {
        @Override
        public int compareTo(Group other) {
            return toString().compareTo(other.toString());
        }
    }

    @Activate
    public FleetMetrics(@Reference FleetService fleet, @Reference MeterRegistry registry) {
        this.fleet = fleet;
        this.registry = registry;
        this.agents = MultiGauge.builder("llmfactory.fleet.agents")
                .description("Agents that report to this controller")
                .register(registry);
        this.running = MultiGauge.builder("llmfactory.fleet.engine.running")
                .description("Sequences in an engine's batch")
                .register(registry);
        this.waiting = MultiGauge.builder("llmfactory.fleet.engine.waiting")
                .description("Sequences queued for an engine")
                .register(registry);
        MessageCounts counts = fleet.counts();
        this.counters = List.of(
                counter("report", counts, MessageCounts::reports),
                counter("load", counts, MessageCounts::loads),
                counter("beat", counts, MessageCounts::beats),
                counter("refused", counts, MessageCounts::refusals));
        this.updates = timer.scheduleWithFixedDelay(this::update, 0, STEP.toMillis(), TimeUnit.MILLISECONDS);
    }

    private FunctionCounter counter(String kind, MessageCounts counts, ToDoubleFunction<MessageCounts> value) {
        return FunctionCounter.builder("llmfactory.fleet.messages", counts, value)
                .description("Messages of reports that have come")
                .tag("kind", kind)
                .register(registry);
    }

    @Deactivate
    void stop() {
        updates.cancel(false);
        timer.shutdown();
        agents.register(List.of(), true);
        running.register(List.of(), true);
        waiting.register(List.of(), true);
        counters.forEach(registry::remove);
    }

    private void update() {
        try {
            update(fleet.members());
        } catch (RuntimeException e) {
            log.error("The fleet's meters are not up to date", e);
        }
    }

    private void update(List<Member> members) {
        Map<Group, Integer> groups = new TreeMap<>();
        List<MultiGauge.Row<?>> runs = new ArrayList<>();
        List<MultiGauge.Row<?>> waits = new ArrayList<>();
        for (Member member : members) {
            groups.merge(group(member), 1, Integer::sum);
            if (member.alive() && runs.size() < MOST) {
                for (EngineReport engine : member.report().engines()) {
                    Tags tags = Tags.of("agent", member.address().toString(), "model", engine.model());
                    runs.add(MultiGauge.Row.of(tags, engine.running()));
                    waits.add(MultiGauge.Row.of(tags, engine.waiting()));
                }
            }
        }
        agents.register(
                groups.entrySet().stream()
                        .limit(MOST)
                        .map(entry -> row(entry.getKey(), entry.getValue()))
                        .toList(),
                true);
        running.register(runs.subList(0, Math.min(MOST, runs.size())), true);
        waiting.register(waits.subList(0, Math.min(MOST, waits.size())), true);
    }

    private static MultiGauge.Row<?> row(Group group, int count) {
        return MultiGauge.Row.of(
                Tags.of("region", group.region(), "feature", group.feature(), "state", group.state()), count);
    }

    private static Group group(Member member) {
        return new Group(member.report().region(), member.report().feature(), member.alive() ? "alive" : "silent");
    }
}
