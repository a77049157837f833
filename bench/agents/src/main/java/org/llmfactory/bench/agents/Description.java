package org.llmfactory.bench.agents;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.llmfactory.api.agent.PluginInfo;
import org.llmfactory.api.network.AgentReport;

/**
 * What a simulated agent says of itself: as much as a real node without a model does. Its load changes as often as real agents look at theirs;
 * its labels, so that all of it is to be reported again, when it is told to.
 */
final class Description implements Function<String, AgentReport> {
    private static final int PLUGINS = 25;
    private static final long LOAD_AGE = 5_000_000_000L;
    private static final long MEMORY = 16L << 30;

    private final Instant started = Instant.now();
    private final long phase = ThreadLocalRandom.current().nextLong(LOAD_AGE);
    private final AgentReport.Hardware hardware =
            new AgentReport.Hardware("Linux amd64", "simulated processor", 8, MEMORY, 4 * MEMORY, List.of());
    private final List<PluginInfo> plugins = IntStream.range(0, PLUGINS)
            .mapToObj(number -> new PluginInfo(
                    "org.llmfactory.simulated" + number,
                    "0.1.0.SNAPSHOT",
                    "active",
                    "0123456789abcdef".repeat(4),
                    false))
            .toList();
    private final String name;
    private final LongSupplier version;
    private final LongSupplier clock;

    /**
     * A description.
     *
     * @param version of the labels; another one when they are to be others
     * @param clock nanoseconds, see {@link System#nanoTime}
     */
    Description(String name, LongSupplier version, LongSupplier clock) {
        this.name = name;
        this.version = version;
        this.clock = clock;
    }

    @Override
    public AgentReport apply(String region) {
        long age = Math.floorDiv(clock.getAsLong() + phase, LOAD_AGE);
        return new AgentReport(
                "cpu-node",
                region,
                started,
                Map.of("simulated", name, "version", Long.toString(version.getAsLong())),
                hardware,
                plugins,
                List.of(),
                List.of(),
                new AgentReport.Load(age % 100 / 100.0, MEMORY / 2 + age, MEMORY, age));
    }
}
