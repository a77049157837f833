package org.llmfactory.gateway.generation;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.gateway.model.ResolvedModel;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * Counts and times requests by model and adapters, and once more under the names that LoRAX's dashboards look for. Does
 * nothing while there is no {@link MeterRegistry}.
 */
@Component(service = GatewayMetrics.class)
public final class GatewayMetrics {
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable MeterRegistry registry;

    /** A request that has come in. */
    Request begin(ResolvedModel model) {
        Tags tags = Tags.of("model", model.base().id(), "adapter", model.adapterNames());
        count("lorax.request.count", Tags.empty(), 1);
        return new Request(tags, System.nanoTime());
    }

    private void count(String name, Tags tags, double amount) {
        MeterRegistry present = registry;
        if (present != null) {
            present.counter(name, tags).increment(amount);
        }
    }

    private void time(String name, Tags tags, Duration duration) {
        MeterRegistry present = registry;
        if (present != null) {
            present.timer(name, tags).record(duration);
        }
    }

    private void observe(String name, double value) {
        MeterRegistry present = registry;
        if (present != null) {
            present.summary(name).record(value);
        }
    }

    /** Tells how one request ended; the first word counts. */
    final class Request {
        private final Tags tags;
        private final long started;
        private boolean told;

        private Request(Tags tags, long started) {
            this.tags = tags;
            this.started = started;
        }

        void succeeded(TokenUsage usage) {
            if (tell("success")) {
                Duration duration = Duration.ofNanos(System.nanoTime() - started);
                count("llmfactory.tokens", tags.and("kind", "prompt"), usage.promptTokens());
                count("llmfactory.tokens", tags.and("kind", "cached"), usage.cachedTokens());
                count("llmfactory.tokens", tags.and("kind", "completion"), usage.completionTokens());
                time("llmfactory.request.duration", tags, duration);
                time("llmfactory.time.to.first.token", tags, usage.timeToFirstToken());
                count("lorax.request.success", Tags.empty(), 1);
                time("lorax.request.duration", Tags.empty(), duration);
                time("lorax.request.queue.duration", Tags.empty(), usage.queueTime());
                observe("lorax.request.input.length", usage.promptTokens());
                observe("lorax.request.generated.tokens", usage.completionTokens());
            }
        }

        void failed(ErrorCode code) {
            if (tell(code.name().toLowerCase(Locale.ROOT))) {
                count("lorax.request.failure", Tags.of("err", loraxError(code)), 1);
            }
        }

        /** The client went away. */
        void abandoned() {
            if (tell("abandoned")) {
                count("lorax.request.failure", Tags.of("err", "dropped"), 1);
            }
        }

        private boolean tell(String outcome) {
            boolean first = !told;
            told = true;
            if (first) {
                count("llmfactory.requests", tags.and("outcome", outcome), 1);
            }
            return first;
        }

        private static String loraxError(ErrorCode code) {
            if (code == ErrorCode.OVERLOADED) {
                return "overloaded";
            }
            return code.status() < 500 ? "validation" : "generation";
        }
    }
}
