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

/** Counts and times requests by project, model and adapters. Does nothing while there is no {@link MeterRegistry}. */
@Component(service = GatewayMetrics.class)
public final class GatewayMetrics {
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable MeterRegistry registry;

    /** A request that has come in. */
    Request begin(String project, ResolvedModel model) {
        Tags tags = Tags.of("project", project, "model", model.base().id(), "adapter", model.adapterNames());
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

    /** Tells how one request ended; the first word counts. */
    final class Request {
        private final Tags tags;
        private final long started;
        private boolean told;

        private Request(Tags tags, long started) {
            this.tags = tags;
            this.started = started;
        }

        /** What it cost, however it ends; told once. */
        void used(TokenUsage usage) {
            count("llmfactory.tokens", tags.and("kind", "prompt"), usage.promptTokens());
            count("llmfactory.tokens", tags.and("kind", "cached"), usage.cachedTokens());
            count("llmfactory.tokens", tags.and("kind", "completion"), usage.completionTokens());
        }

        void succeeded(TokenUsage usage) {
            if (tell("success")) {
                Duration duration = Duration.ofNanos(System.nanoTime() - started);
                time("llmfactory.request.duration", tags, duration);
                time("llmfactory.time.to.first.token", tags, usage.timeToFirstToken());
            }
        }

        void failed(ErrorCode code) {
            tell(code.name().toLowerCase(Locale.ROOT));
        }

        /** A content policy ended the answer. */
        void blocked() {
            tell("blocked");
        }

        /** The client went away. */
        void abandoned() {
            tell("abandoned");
        }

        private boolean tell(String outcome) {
            boolean first = !told;
            told = true;
            if (first) {
                count("llmfactory.requests", tags.and("outcome", outcome), 1);
            }
            return first;
        }
    }
}
