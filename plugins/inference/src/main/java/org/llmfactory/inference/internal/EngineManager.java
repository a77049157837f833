package org.llmfactory.inference.internal;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.adapter.AdapterRegistry;
import org.llmfactory.api.agent.Drainable;
import org.llmfactory.api.model.LocalModel;
import org.llmfactory.inference.runner.RunnerFactory;
import org.llmfactory.torch.Torch;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves every language model on this agent that the configuration names: an engine appears as an OSGi service when its
 * model has been loaded, on a thread of its own, and vanishes with the model.
 */
@Component(
        service = {EngineManager.class, Drainable.class},
        immediate = true,
        configurationPid = Config.PID)
@Designate(ocd = Config.class)
public final class EngineManager implements Drainable {
    private static final Logger log = LoggerFactory.getLogger(EngineManager.class);
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final BundleContext context;
    private final EngineBuilder builder;
    private final ExecutorService loader = Executors.newSingleThreadExecutor(task -> new Thread(task, "model-loader"));
    private final IdentityHashMap<LocalModel, ServedModel> models = new IdentityHashMap<>();
    private volatile @Nullable AdapterRegistry adapters;
    private @Nullable MeterRegistry meters;

    @Activate
    public EngineManager(
            BundleContext context, @Reference Torch torch, @Reference RunnerFactory runners, Config config) {
        this.context = context;
        builder = new EngineBuilder(torch, runners, Settings.of(config), () -> adapters);
    }

    /** Takes the adapters from this registry from now on. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setAdapters(AdapterRegistry registry) {
        adapters = registry;
    }

    void unsetAdapters(AdapterRegistry registry) {
        if (adapters == registry) {
            adapters = null;
        }
    }

    /** Tells its metrics there. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    synchronized void setMeters(MeterRegistry registry) {
        meters = registry;
        models.values().forEach(model -> model.meters(registry));
    }

    synchronized void unsetMeters(MeterRegistry registry) {
        if (meters == registry) {
            meters = null;
            models.values().forEach(model -> model.meters(null));
        }
    }

    /** Begins to load a model, if it is one to be served. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addModel(LocalModel model) {
        if (!builder.serves(model)) {
            log.info("{} is not served here", model.info().id());
            return;
        }
        ServedModel served = new ServedModel(model, builder, context);
        synchronized (this) {
            served.meters(meters);
            models.put(model, served);
        }
        loader.execute(served::load);
    }

    void removeModel(LocalModel model) {
        ServedModel served;
        synchronized (this) {
            served = models.remove(model);
        }
        if (served != null) {
            served.withdraw();
            loader.execute(served::free);
        }
    }

    /** How every model stands, in no particular order. */
    synchronized List<ModelState> states() {
        return models.values().stream().map(ServedModel::state).toList();
    }

    @Override
    public boolean drain(Duration deadline) throws InterruptedException {
        long end = System.nanoTime() + deadline.toNanos();
        boolean empty = true;
        for (ServedModel model : all()) {
            empty &= model.drain(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        }
        return empty;
    }

    @Override
    public void resume() {
        all().forEach(ServedModel::resume);
    }

    private synchronized List<ServedModel> all() {
        return new ArrayList<>(models.values());
    }

    private synchronized List<ServedModel> takeAll() {
        List<ServedModel> taken = new ArrayList<>(models.values());
        models.clear();
        return taken;
    }

    /** Waits for the steps that are being computed; the requests that are left fail. */
    @Deactivate
    void stop() throws InterruptedException {
        for (ServedModel model : takeAll()) {
            model.withdraw();
            loader.execute(model::free);
        }
        loader.shutdown();
        if (!loader.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            log.error("A model is still loading or computing after {} s", PATIENCE.toSeconds());
        }
    }
}
