package org.llmfactory.sysinfo.report;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.agent.PluginInfo;
import org.llmfactory.api.agent.PluginManager;
import org.llmfactory.api.inference.InferenceEngine;
import org.llmfactory.api.network.AgentLabels;
import org.llmfactory.api.network.AgentReport;
import org.llmfactory.api.training.Trainer;
import org.llmfactory.sysinfo.hardware.HardwareProbe;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleListener;
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
 * Describes this agent. What takes time, the hardware and the plugins' digests, is found out in the background; a
 * description has what is known by then.
 */
@Component(service = AgentDescription.class, configurationPid = "org.llmfactory.sysinfo.report")
@Designate(ocd = Config.class)
public final class AgentDescription {
    private static final Logger log = LoggerFactory.getLogger(AgentDescription.class);
    /** Bundles come and go in swarms. */
    private static final Duration SETTLING = Duration.ofMillis(200);

    private static final Duration LOAD_AGE = Duration.ofSeconds(5);

    private final String feature;
    private final HardwareProbe hardware;
    private final BundleContext context;
    private final Instant started =
            Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());
    private final LocalEngines engines = new LocalEngines();
    private final LocalTrainers trainers = new LocalTrainers();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final BundleListener bundles = event -> lookAtPlugins();
    private final AtomicBoolean looking = new AtomicBoolean();
    private final ExecutorService background = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "llmfactory-description");
        thread.setDaemon(true);
        return thread;
    });
    private final Executor settled =
            CompletableFuture.delayedExecutor(SETTLING.toMillis(), TimeUnit.MILLISECONDS, background);
    private volatile @Nullable PluginManager manager;
    private volatile List<PluginInfo> plugins = List.of();
    private volatile AgentReport.Load load;
    private volatile long loadTaken = System.nanoTime();

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable AgentLabels labels;

    @Activate
    public AgentDescription(BundleContext context, @Reference HardwareProbe hardware, Config config) {
        this.context = context;
        this.hardware = hardware;
        this.feature = config.feature();
        this.load = hardware.load();
        context.addBundleListener(bundles);
        background.execute(this::lookAtHardware);
    }

    @Deactivate
    void stop() {
        context.removeBundleListener(bundles);
        background.shutdownNow();
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindPlugins(PluginManager present) {
        manager = present;
        lookAtPlugins();
    }

    void unbindPlugins(PluginManager gone) {
        if (gone.equals(manager)) {
            manager = null;
        }
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindEngine(InferenceEngine engine, Map<String, Object> properties) {
        if (engines.add(engine, properties)) {
            changed();
        }
    }

    void unbindEngine(InferenceEngine engine) {
        if (engines.remove(engine)) {
            changed();
        }
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY,
            target = "(!(" + Trainer.AGENT + "=*))")
    void bindTrainer(Trainer trainer) {
        trainers.add(trainer);
        changed();
    }

    void unbindTrainer(Trainer trainer) {
        trainers.remove(trainer);
        changed();
    }

    /** Calls back whenever something other than load may have changed, from any thread. */
    void listen(Runnable listener) {
        listeners.add(listener);
    }

    void ignore(Runnable listener) {
        listeners.remove(listener);
    }

    /** Everything about this agent, now. */
    AgentReport describe(String region) {
        AgentLabels given = labels;
        return new AgentReport(
                feature,
                region,
                started,
                given == null ? Map.of() : given.labels(),
                hardware.hardware(),
                plugins,
                engines.reports(),
                trainers.reports(),
                load());
    }

    private AgentReport.Load load() {
        long now = System.nanoTime();
        if (now - loadTaken > LOAD_AGE.toNanos()) {
            loadTaken = now;
            load = hardware.load();
        }
        return load;
    }

    private void lookAtHardware() {
        hardware.look();
        changed();
    }

    private void lookAtPlugins() {
        if (looking.compareAndSet(false, true)) {
            settled.execute(this::listPlugins);
        }
    }

    private void listPlugins() {
        looking.set(false);
        PluginManager present = manager;
        if (present == null) {
            return;
        }
        try {
            List<PluginInfo> found = present.list();
            if (!found.equals(plugins)) {
                plugins = found;
                changed();
            }
        } catch (RuntimeException e) {
            log.warn("The plugins of this agent cannot be listed; it reports those it knew", e);
        }
    }

    private void changed() {
        listeners.forEach(Runnable::run);
    }
}
