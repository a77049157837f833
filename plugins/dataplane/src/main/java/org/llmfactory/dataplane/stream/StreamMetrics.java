package org.llmfactory.dataplane.stream;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Shows the {@link StreamMeters} of this agent while there is a {@link MeterRegistry}. */
@Component(service = StreamMetrics.class)
public final class StreamMetrics {
    private final StreamMeters meters = new StreamMeters();
    private final List<Meter> shown = new ArrayList<>();
    private @Nullable MeterRegistry registry;

    /** What the streams of this agent are counted with. */
    public StreamMeters meters() {
        return meters;
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    synchronized void bindRegistry(MeterRegistry present) {
        remove();
        registry = present;
        shown.add(Gauge.builder("llmfactory.streams.open", meters, StreamMeters::open)
                .description("Streams that are open, at either end")
                .register(present));
        count(present, "llmfactory.streams.opened", "", StreamMeters::openedSoFar);
        count(present, "llmfactory.streams.bytes", "sent", StreamMeters::bytesSent);
        count(present, "llmfactory.streams.bytes", "received", StreamMeters::bytesReceived);
        count(present, "llmfactory.streams.frames", "resent", StreamMeters::framesResent);
        count(present, "llmfactory.streams.frames", "refused", StreamMeters::framesRefused);
    }

    synchronized void unbindRegistry(MeterRegistry absent) {
        if (registry == absent) {
            remove();
        }
    }

    @Deactivate
    synchronized void remove() {
        MeterRegistry former = registry;
        if (former != null) {
            shown.forEach(former::remove);
        }
        shown.clear();
        registry = null;
    }

    private void count(MeterRegistry present, String name, String outcome, ToDoubleFunction<StreamMeters> value) {
        FunctionCounter.Builder<StreamMeters> counter = FunctionCounter.builder(name, meters, value);
        shown.add((outcome.isEmpty() ? counter : counter.tag("outcome", outcome)).register(present));
    }
}
