package org.llmfactory.inference.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusNamingConvention;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.inference.EngineStatus;
import org.llmfactory.api.inference.FinishReason;
import org.llmfactory.api.inference.GenerationUsage;

final class EngineMetersTest {
    private static final EngineStatus STATUS =
            new EngineStatus("cpu", "float32", 3, 5, 100, 25, List.of("a", "b"), 7, 70);

    private final PrometheusMeterRegistry registry = registry();
    private final EngineMeters meters = new EngineMeters(registry, "small", () -> STATUS);

    @Test
    void dashboardsForVllmFindTheirNames() {
        finish();
        meters.onPreemption();

        assertThat(lines())
                .contains(
                        "vllm:num_requests_running{model_name=\"small\"} 3.0",
                        "vllm:num_requests_waiting{model_name=\"small\"} 5.0",
                        "vllm:kv_cache_usage_perc{model_name=\"small\"} 0.75",
                        "vllm:time_to_first_token_seconds_count{model_name=\"small\"} 1",
                        "vllm:e2e_request_latency_seconds_sum{model_name=\"small\"} 2.0",
                        "vllm:prompt_tokens_total{model_name=\"small\"} 10.0",
                        "vllm:generation_tokens_total{model_name=\"small\"} 4.0",
                        "vllm:num_preemptions_total{model_name=\"small\"} 1.0",
                        "vllm:request_success_total{finished_reason=\"stop\",model_name=\"small\"} 1.0");
    }

    @Test
    void dashboardsForLoraxFindTheirNames() {
        finish();
        meters.onError(ErrorCode.OVERLOADED);

        assertThat(lines())
                .contains(
                        "lorax_request_count{model=\"small\"} 2.0",
                        "lorax_request_success{model=\"small\"} 1.0",
                        "lorax_request_failure_total{err=\"overloaded\",model=\"small\"} 1.0",
                        "lorax_request_duration_count{model=\"small\"} 1",
                        "lorax_request_generated_tokens_sum{model=\"small\"} 4.0",
                        "lorax_queue_length{model=\"small\"} 5.0",
                        "lorax_batch_current_size{model=\"small\"} 3.0");
    }

    @Test
    void ourOwnNamesTellMore() {
        finish();
        meters.onStep(3, 17, Duration.ofMillis(20), false);
        meters.onStep(1, 1, Duration.ofMillis(20), true);
        meters.onAdapterLoad("a", Duration.ofMillis(500), null);
        meters.onAdapterLoad("b", Duration.ofMillis(500), ErrorCode.INVALID_FILE);

        assertThat(lines())
                .contains(
                        "llmfactory_inference_requests_total{model=\"small\",outcome=\"stop\"} 1.0",
                        "llmfactory_inference_tokens_total{kind=\"cached\",model=\"small\"} 8.0",
                        "llmfactory_inference_step_seconds_count{model=\"small\"} 2",
                        "llmfactory_inference_step_tokens_sum{model=\"small\"} 18.0",
                        "llmfactory_inference_step_failures_total{model=\"small\"} 1.0",
                        "llmfactory_inference_adapters{model=\"small\"} 2.0",
                        "llmfactory_inference_blocks_free{model=\"small\"} 25.0",
                        "llmfactory_inference_adapter_load_seconds_count{model=\"small\",outcome=\"loaded\"} 1",
                        "llmfactory_inference_adapter_load_seconds_count{model=\"small\",outcome=\"invalid_file\"} 1");
    }

    @Test
    void everyMeterGoesWithTheEngine() {
        finish();
        meters.onError(ErrorCode.INTERNAL);
        meters.onAdapterLoad("a", Duration.ofMillis(500), null);

        meters.close();

        assertThat(registry.getMeters()).isEmpty();
    }

    /** Keeps the colon of vLLM's names, as Prometheus does and Micrometer does not. */
    private static PrometheusMeterRegistry registry() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        registry.config().namingConvention(new PrometheusNamingConvention() {
            @Override
            public String name(String name, Meter.Type type, @Nullable String baseUnit) {
                int colon = name.indexOf(':');
                return name.substring(0, colon + 1) + super.name(name.substring(colon + 1), type, baseUnit);
            }
        });
        return registry;
    }

    private void finish() {
        meters.onFinish(
                FinishReason.STOP,
                new GenerationUsage(
                        10,
                        8,
                        4,
                        Duration.ofMillis(100),
                        Duration.ZERO,
                        Duration.ofMillis(300),
                        Duration.ofSeconds(2)));
    }

    private List<String> lines() {
        return registry.scrape().lines().toList();
    }
}
