package org.llmfactory.sysinfo.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** The registry that every plugin puts its meters in; brings those of the JVM and the process. */
@Component(service = {MeterRegistry.class, AgentMeterRegistry.class})
public final class AgentMeterRegistry extends PrometheusMeterRegistry {
    private final JvmGcMetrics collections = new JvmGcMetrics();

    @Activate
    public AgentMeterRegistry() {
        super(PrometheusConfig.DEFAULT);
        config().namingConvention(new VllmNames());
        collections.bindTo(this);
        new JvmMemoryMetrics().bindTo(this);
        new JvmThreadMetrics().bindTo(this);
        new ClassLoaderMetrics().bindTo(this);
        new ProcessorMetrics().bindTo(this);
        new FileDescriptorMetrics().bindTo(this);
        new UptimeMetrics().bindTo(this);
        Gauge.builder("process.memory.resident", ResidentMemory::bytes)
                .baseUnit("bytes")
                .description("Memory of the process in RAM, native memory included")
                .register(this);
    }

    @Deactivate
    public void stop() {
        collections.close();
        close();
    }
}
