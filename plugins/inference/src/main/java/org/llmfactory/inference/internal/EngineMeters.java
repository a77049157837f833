package org.llmfactory.inference.internal;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.inference.EngineStatus;
import org.llmfactory.api.inference.FinishReason;
import org.llmfactory.api.inference.GenerationUsage;
import org.llmfactory.inference.engine.EngineObserver;

/**
 * The meters of one engine: ours, and the same under the names that dashboards for vLLM and LoRAX look for. LoRAX's
 * counters have no {@code _total}, so they are told as gauges.
 */
final class EngineMeters implements EngineObserver, AutoCloseable {
    private static final double[] SECONDS = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160};
    private static final double[] COUNTS = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000};

    private final MeterRegistry registry;
    private final Tags own;
    private final Tags vllm;
    private final List<Meter> meters = new ArrayList<>();
    private final LongAdder finished = new LongAdder();
    private final LongAdder asked = new LongAdder();

    private final DistributionSummary stepSeconds;
    private final DistributionSummary stepSequences;
    private final DistributionSummary stepTokens;
    private final Counter preemptions;
    private final Counter vllmPreemptions;
    private final Counter promptTokens;
    private final Counter cachedTokens;
    private final Counter completionTokens;
    private final Counter vllmPromptTokens;
    private final Counter vllmGenerationTokens;
    private final DistributionSummary batchSeconds;
    private final List<DistributionSummary> queueSeconds;
    private final List<DistributionSummary> firstTokenSeconds;
    private final List<DistributionSummary> requestSeconds;
    private final List<DistributionSummary> inputLengths;
    private final List<DistributionSummary> outputLengths;
    private final DistributionSummary perTokenSeconds;

    /**
     * Registers everything.
     *
     * @param status the engine's present one
     */
    EngineMeters(MeterRegistry registry, String model, Supplier<EngineStatus> status) {
        this.registry = registry;
        own = Tags.of("model", model);
        vllm = Tags.of("model_name", model);
        gauges(status);
        stepSeconds = summary("llmfactory.inference.step.seconds", own, SECONDS);
        stepSequences = summary("llmfactory.inference.step.sequences", own, COUNTS);
        stepTokens = summary("llmfactory.inference.step.tokens", own, COUNTS);
        batchSeconds = summary("lorax_batch_inference_duration", own, SECONDS);
        preemptions = counter("llmfactory.inference.preemptions", own);
        vllmPreemptions = counter("vllm:num_preemptions", vllm);
        promptTokens = counter("llmfactory.inference.tokens", own.and("kind", "prompt"));
        cachedTokens = counter("llmfactory.inference.tokens", own.and("kind", "cached"));
        completionTokens = counter("llmfactory.inference.tokens", own.and("kind", "completion"));
        vllmPromptTokens = counter("vllm:prompt_tokens", vllm);
        vllmGenerationTokens = counter("vllm:generation_tokens", vllm);
        queueSeconds = List.of(
                summary("llmfactory.inference.queue.seconds", own, SECONDS),
                summary("vllm:request_queue_time_seconds", vllm, SECONDS),
                summary("lorax_request_queue_duration", own, SECONDS));
        firstTokenSeconds = List.of(
                summary("llmfactory.inference.first.token.seconds", own, SECONDS),
                summary("vllm:time_to_first_token_seconds", vllm, SECONDS));
        requestSeconds = List.of(
                summary("llmfactory.inference.request.seconds", own, SECONDS),
                summary("vllm:e2e_request_latency_seconds", vllm, SECONDS),
                summary("lorax_request_duration", own, SECONDS));
        inputLengths = List.of(
                summary("vllm:request_prompt_tokens", vllm, COUNTS),
                summary("lorax_request_input_length", own, COUNTS));
        outputLengths = List.of(
                summary("vllm:request_generation_tokens", vllm, COUNTS),
                summary("lorax_request_generated_tokens", own, COUNTS));
        perTokenSeconds = summary("lorax_request_mean_time_per_token_duration", own, SECONDS);
    }

    private void gauges(Supplier<EngineStatus> status) {
        gauge("llmfactory.inference.running", own, status, EngineStatus::running);
        gauge("llmfactory.inference.waiting", own, status, EngineStatus::waiting);
        gauge("llmfactory.inference.blocks", own, status, EngineStatus::kvBlocks);
        gauge("llmfactory.inference.blocks.free", own, status, EngineStatus::kvBlocksFree);
        gauge(
                "llmfactory.inference.adapters",
                own,
                status,
                now -> now.residentAdapters().size());
        gauge("vllm:num_requests_running", vllm, status, EngineStatus::running);
        gauge("vllm:num_requests_waiting", vllm, status, EngineStatus::waiting);
        gauge("vllm:kv_cache_usage_perc", vllm, status, now -> 1 - (double) now.kvBlocksFree() / now.kvBlocks());
        gauge("lorax_queue_length", own, status, EngineStatus::waiting);
        gauge("lorax_batch_current_size", own, status, EngineStatus::running);
        gauge("lorax_request_count", own, status, now -> asked.sum());
        gauge("lorax_request_success", own, status, now -> finished.sum());
    }

    @Override
    public void onStep(int sequences, int tokens, Duration time, boolean failed) {
        stepSeconds.record(seconds(time));
        batchSeconds.record(seconds(time));
        stepSequences.record(sequences);
        stepTokens.record(tokens);
        if (failed) {
            counter("llmfactory.inference.step.failures", own).increment();
        }
    }

    @Override
    public void onFinish(FinishReason reason, GenerationUsage usage) {
        asked.increment();
        finished.increment();
        String outcome = reason.name().toLowerCase(Locale.ROOT);
        counter("llmfactory.inference.requests", own.and("outcome", outcome)).increment();
        counter("vllm:request_success", vllm.and("finished_reason", vllmReason(reason)))
                .increment();
        promptTokens.increment(usage.promptTokens());
        cachedTokens.increment(usage.cachedTokens());
        completionTokens.increment(usage.completionTokens());
        vllmPromptTokens.increment(usage.promptTokens());
        vllmGenerationTokens.increment(usage.completionTokens());
        record(queueSeconds, seconds(usage.queueTime()));
        record(requestSeconds, seconds(usage.totalTime()));
        record(inputLengths, usage.promptTokens());
        record(outputLengths, usage.completionTokens());
        if (usage.completionTokens() > 0) {
            record(firstTokenSeconds, seconds(usage.timeToFirstToken()));
            perTokenSeconds.record(seconds(usage.totalTime()) / usage.completionTokens());
        }
    }

    @Override
    public void onError(ErrorCode code) {
        asked.increment();
        String error = code.name().toLowerCase(Locale.ROOT);
        counter("llmfactory.inference.requests", own.and("outcome", error)).increment();
        counter("lorax_request_failure", own.and("err", error)).increment();
    }

    @Override
    public void onPreemption() {
        preemptions.increment();
        vllmPreemptions.increment();
    }

    @Override
    public void onAdapterLoad(String digest, Duration time, @Nullable ErrorCode failure) {
        String outcome = failure == null ? "loaded" : failure.name().toLowerCase(Locale.ROOT);
        summary("llmfactory.inference.adapter.load.seconds", own.and("outcome", outcome), SECONDS)
                .record(seconds(time));
    }

    private static String vllmReason(FinishReason reason) {
        return switch (reason) {
            case STOP -> "stop";
            case LENGTH -> "length";
            case CANCELLED -> "abort";
        };
    }

    private static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }

    private static void record(List<DistributionSummary> summaries, double value) {
        summaries.forEach(summary -> summary.record(value));
    }

    private void gauge(String name, Tags tags, Supplier<EngineStatus> status, ToDoubleFunction<EngineStatus> value) {
        keep(Gauge.builder(name, () -> value.applyAsDouble(status.get()))
                .tags(tags)
                .register(registry));
    }

    private Counter counter(String name, Tags tags) {
        return keep(Counter.builder(name).tags(tags).register(registry));
    }

    private DistributionSummary summary(String name, Tags tags, double[] bounds) {
        return keep(DistributionSummary.builder(name)
                .tags(tags)
                .serviceLevelObjectives(bounds)
                .register(registry));
    }

    private synchronized <M extends Meter> M keep(M meter) {
        if (!meters.contains(meter)) {
            meters.add(meter);
        }
        return meter;
    }

    /** Takes every meter out of the registry again. */
    @Override
    public synchronized void close() {
        meters.forEach(registry::remove);
        meters.clear();
    }
}
