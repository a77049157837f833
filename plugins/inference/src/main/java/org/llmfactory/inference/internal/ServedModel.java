package org.llmfactory.inference.internal;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.agent.Drainable;
import org.llmfactory.api.inference.InferenceEngine;
import org.llmfactory.api.model.LocalModel;
import org.llmfactory.inference.engine.Engine;
import org.llmfactory.inference.engine.EngineObserver;
import org.llmfactory.inference.engine.EngineThread;
import org.llmfactory.inference.internal.ModelState.Phase;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One model's way from its files to an OSGi service and back. {@link #load} and {@link #free} take long and are called by
 * one thread, one after the other; everything else returns at once.
 */
final class ServedModel implements Drainable {
    private static final Logger log = LoggerFactory.getLogger(ServedModel.class);

    private final LocalModel model;
    private final EngineBuilder builder;
    private final BundleContext context;
    private final ObserverSwitch observer = new ObserverSwitch();

    private boolean withdrawn;
    private @Nullable Engine engine;
    private @Nullable EngineThread thread;
    private @Nullable ServiceRegistration<InferenceEngine> registration;
    private @Nullable String failure;
    private @Nullable MeterRegistry registry;
    private @Nullable EngineMeters meters;

    ServedModel(LocalModel model, EngineBuilder builder, BundleContext context) {
        this.model = model;
        this.builder = builder;
        this.context = context;
    }

    /** Reads the weights and registers the engine; unless the model was withdrawn in the meantime. */
    void load() {
        if (isWithdrawn()) {
            return;
        }
        long start = System.nanoTime();
        try {
            Engine built = builder.build(model, observer);
            start(built);
            if (isWithdrawn()) {
                log.info("{} was withdrawn while it was loaded", model.info().id());
                return;
            }
            register(built);
            log.info(
                    "{} is served, loaded in {} ms",
                    model.info().id(),
                    Duration.ofNanos(System.nanoTime() - start).toMillis());
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            log.error("{} cannot be served", model.info().id(), e);
            fail(e);
        }
    }

    private synchronized boolean isWithdrawn() {
        return withdrawn;
    }

    private synchronized void start(Engine built) {
        engine = built;
        thread = new EngineThread(built);
        watch();
    }

    private void register(Engine built) {
        Map<String, Object> properties = Map.of(
                LocalModel.ID,
                model.info().id(),
                LocalModel.DIGEST,
                model.info().digest());
        // Not under the lock: listeners run in this call.
        ServiceRegistration<InferenceEngine> made =
                context.registerService(InferenceEngine.class, built, FrameworkUtil.asDictionary(properties));
        synchronized (this) {
            if (!withdrawn) {
                registration = made;
                return;
            }
        }
        made.unregister();
    }

    private synchronized void fail(Throwable cause) {
        String message = cause.getMessage();
        failure = message == null ? cause.toString() : message;
    }

    /** Takes the engine out of the service registry; requests it has go on. */
    void withdraw() {
        ServiceRegistration<InferenceEngine> made;
        synchronized (this) {
            withdrawn = true;
            made = registration;
            registration = null;
        }
        if (made != null) {
            made.unregister();
        }
    }

    /** Ends the engine after its present step, and frees the model's memory. */
    void free() {
        EngineThread running;
        synchronized (this) {
            running = thread;
            thread = null;
            engine = null;
            registry = null;
            watch();
        }
        if (running != null) {
            running.close();
        }
    }

    /** Puts the engine's meters there; null for nowhere. */
    synchronized void meters(@Nullable MeterRegistry target) {
        registry = target;
        watch();
    }

    private synchronized void watch() {
        observer.to(EngineObserver.NONE);
        if (meters != null) {
            meters.close();
            meters = null;
        }
        if (registry != null && engine != null) {
            meters = new EngineMeters(registry, model.info().id(), engine::status);
            observer.to(meters);
        }
    }

    synchronized ModelState state() {
        String id = model.info().id();
        if (failure != null) {
            return new ModelState(id, Phase.FAILED, failure);
        }
        if (engine == null) {
            return new ModelState(id, Phase.LOADING, "");
        }
        if (engine.isBroken()) {
            return new ModelState(id, Phase.BROKEN, "its last steps failed; see the log");
        }
        return new ModelState(id, Phase.READY, "");
    }

    @Override
    public boolean drain(Duration deadline) throws InterruptedException {
        EngineThread running = running();
        return running == null || running.drain(deadline);
    }

    @Override
    public void resume() {
        EngineThread running = running();
        if (running != null) {
            running.resume();
        }
    }

    private synchronized @Nullable EngineThread running() {
        return thread;
    }
}
