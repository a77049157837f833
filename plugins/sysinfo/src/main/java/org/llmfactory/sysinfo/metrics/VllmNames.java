package org.llmfactory.sysinfo.metrics;

import io.micrometer.core.instrument.Meter;
import io.micrometer.prometheusmetrics.PrometheusNamingConvention;
import org.jspecify.annotations.Nullable;

/** Prometheus names that keep the colon of vLLM's, as Prometheus allows: dashboards look for {@code vllm:…}. */
final class VllmNames extends PrometheusNamingConvention {
    @Override
    public String name(String name, Meter.Type type, @Nullable String baseUnit) {
        int colon = name.indexOf(':');
        return name.substring(0, colon + 1) + super.name(name.substring(colon + 1), type, baseUnit);
    }
}
