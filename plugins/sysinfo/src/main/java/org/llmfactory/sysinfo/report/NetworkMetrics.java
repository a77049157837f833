package org.llmfactory.sysinfo.report;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.llmfactory.api.network.Membership;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Puts this agent's standing in its network among the meters. */
@Component(service = NetworkMetrics.class, immediate = true)
public final class NetworkMetrics {
    private final MeterRegistry registry;
    private final List<Meter> meters;

    @Activate
    public NetworkMetrics(
            @Reference MeterRegistry registry, @Reference Membership membership, @Reference ReporterService reporter) {
        this.registry = registry;
        this.meters = List.of(
                Gauge.builder("llmfactory.network.controllers", reporter, NetworkMetrics::reached)
                        .description("Controllers that this agent reports to and reaches")
                        .register(registry),
                Gauge.builder("llmfactory.network.certificate.remaining", membership, NetworkMetrics::remaining)
                        .baseUnit("seconds")
                        .description("Until this agent's certificate ends")
                        .register(registry));
    }

    @Deactivate
    void stop() {
        meters.forEach(registry::remove);
    }

    private static double reached(ReporterService reporter) {
        return reporter.reached().values().stream().filter(reached -> reached).count();
    }

    private static double remaining(Membership membership) {
        return Duration.between(Instant.now(), membership.expires()).toMillis() / 1000.0;
    }
}
