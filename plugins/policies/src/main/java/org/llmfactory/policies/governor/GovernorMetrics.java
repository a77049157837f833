package org.llmfactory.policies.governor;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Counts refusals and times checks. Does nothing while there is no {@link MeterRegistry}. */
@Component(service = GovernorMetrics.class)
public final class GovernorMetrics {
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable MeterRegistry registry;

    void refused(Refusal reason) {
        MeterRegistry present = registry;
        if (present != null) {
            present.counter("llmfactory.governor.refusals", "reason", reason.label())
                    .increment();
        }
    }

    void settled(Stopwatch stopwatch) {
        MeterRegistry present = registry;
        if (present != null) {
            for (Check check : Check.values()) {
                present.timer("llmfactory.governor.check", "check", check.label())
                        .record(stopwatch.nanos(check), TimeUnit.NANOSECONDS);
            }
        }
    }
}
