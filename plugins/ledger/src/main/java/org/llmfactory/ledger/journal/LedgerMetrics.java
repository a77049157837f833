package org.llmfactory.ledger.journal;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Counts entries, times commits, tells the queue's depth. Does nothing while there is no {@link MeterRegistry}. */
@Component(service = LedgerMetrics.class)
public final class LedgerMetrics {
    private @Nullable MeterRegistry registry;
    private @Nullable Gauge depth;
    private Supplier<Number> queue = () -> 0;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    synchronized void bindRegistry(MeterRegistry present) {
        removeDepth();
        registry = present;
        depth = Gauge.builder("llmfactory.ledger.queue", () -> depth())
                .description("Entries that are not in the tables yet")
                .register(present);
    }

    synchronized void unbindRegistry(MeterRegistry absent) {
        if (registry == absent) {
            removeDepth();
            registry = null;
        }
    }

    @Deactivate
    synchronized void deactivate() {
        removeDepth();
    }

    /** Says where the depth of the queue is read. */
    synchronized void watch(Supplier<Number> size) {
        queue = size;
    }

    /** A batch was committed. */
    void committed(int entries, Duration duration) {
        count("written", entries);
        MeterRegistry present = registry();
        if (present != null) {
            Timer.builder("llmfactory.ledger.commit")
                    .description("Time of a commit with all its entries")
                    .register(present)
                    .record(duration);
        }
    }

    /** Entries could not be written. */
    void failed(int entries) {
        count("failed", entries);
    }

    private void count(String outcome, int entries) {
        MeterRegistry present = registry();
        if (present != null) {
            present.counter("llmfactory.ledger.entries", "outcome", outcome).increment(entries);
        }
    }

    private synchronized @Nullable MeterRegistry registry() {
        return registry;
    }

    private Number depth() {
        Supplier<Number> size;
        synchronized (this) {
            size = queue;
        }
        return size.get();
    }

    private void removeDepth() {
        if (registry != null && depth != null) {
            registry.remove(depth);
            depth = null;
        }
    }
}
