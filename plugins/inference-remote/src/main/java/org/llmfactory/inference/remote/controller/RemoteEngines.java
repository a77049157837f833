package org.llmfactory.inference.remote.controller;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.adapter.AdapterRegistry;
import org.llmfactory.api.agent.Home;
import org.llmfactory.api.model.LocalModel;
import org.llmfactory.api.model.ModelInfo;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentFiles;
import org.llmfactory.api.network.DataPlane;
import org.llmfactory.api.network.Fleet;
import org.llmfactory.api.network.Membership;
import org.llmfactory.inference.remote.Services;
import org.llmfactory.inference.remote.Threads;
import org.llmfactory.inference.remote.model.ModelFetcher;
import org.llmfactory.inference.remote.model.RemoteModels;
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
 * Makes every engine that agents report a service of this controller, and their models too, and takes them back when the
 * agent falls silent or cannot be reached. All of that happens on one thread; what is heard is left there. On an agent that
 * nobody reports to it does nothing.
 */
@Component(service = Fleet.Listener.class, immediate = true, configurationPid = Config.PID)
@Designate(ocd = Config.class)
public final class RemoteEngines implements Fleet.Listener {
    private static final Logger log = LoggerFactory.getLogger(RemoteEngines.class);
    private static final long CHECK_MILLIS = 250;
    private static final long STOP_SECONDS = 10;

    /** How long a fleet that has just come may know nobody. */
    private static final Duration SETTLING = Duration.ofSeconds(5);

    private final AgentAddress self;
    private final Services services;
    private final RemoteModels models;
    private final Link link;
    private final ScheduledExecutorService thread = Threads.single("inference-remote");
    private final ScheduledExecutorService watcher = Threads.single("inference-remote-watch");
    private final ExecutorService openers = Threads.asNeeded("inference-remote-open");
    private final ExecutorService fetchers = Threads.atMost(2, "inference-remote-models");
    private final Clock clock = Clock.systemUTC();
    private final Map<AgentAddress, AgentEngines> agents = new HashMap<>();
    private volatile @Nullable AdapterRegistry registry;
    private volatile @Nullable Fleet fleet;
    private volatile long fleetSince;
    private boolean checking;

    @Activate
    public RemoteEngines(
            BundleContext context,
            @Reference DataPlane dataPlane,
            @Reference AgentFiles files,
            @Reference Membership membership,
            @Reference Home home,
            Config config) {
        this(
                Services.of(context),
                dataPlane,
                new ModelFetcher(files, home.cache().resolve("models")),
                membership.self(),
                Duration.ofMillis(config.openMillis()));
    }

    RemoteEngines(Services services, DataPlane dataPlane, ModelFetcher fetcher, AgentAddress self, Duration open) {
        this.self = self;
        this.services = services;
        this.link = new Link(dataPlane, openers, open, new Watch(watcher));
        this.models = new RemoteModels(services, fetcher, fetchers, this::onThread);
    }

    /** Asks this fleet too whether agents are alive. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setFleet(Fleet present) {
        fleetSince = System.nanoTime();
        fleet = present;
        onThread(() -> present.members().forEach(this::hear));
    }

    void unsetFleet(Fleet gone) {
        if (fleet == gone) {
            fleet = null;
        }
    }

    /** Knows from it whose adapters are. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setRegistry(AdapterRegistry present) {
        registry = present;
    }

    void unsetRegistry(AdapterRegistry gone) {
        if (registry == gone) {
            registry = null;
        }
    }

    /** A model that lies here need not be fetched. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addModel(LocalModel model) {
        onThread(() -> {
            models.addLocal(model);
            refresh();
        });
    }

    void removeModel(LocalModel model) {
        onThread(() -> {
            models.removeLocal(model);
            refresh();
        });
    }

    @Override
    public void onChange(Fleet.Member member) {
        onThread(() -> hear(member));
    }

    private void hear(Fleet.Member member) {
        if (member.address().equals(self)) {
            return;
        }
        agents.computeIfAbsent(member.address(), this::agent).hear(member, System.nanoTime());
        refresh();
        if (!checking) {
            checking = true;
            later();
        }
    }

    private AgentEngines agent(AgentAddress address) {
        return new AgentEngines(address, services, (served, info) -> engine(address, served, info));
    }

    private RemoteEngine engine(AgentAddress address, ServedEngine served, ModelInfo info) {
        return new RemoteEngine(
                address,
                info,
                served.report(),
                link,
                () -> Optional.ofNullable(registry),
                () -> onThread(() -> {
                    served.broke(clock.instant(), System.nanoTime());
                }));
    }

    private void refresh() {
        agents.values().forEach(agent -> models.offer(agent.agent(), ids(agent)));
        models.tend();
        agents.values()
                .forEach(agent -> agent.refresh(
                        (address, key) -> models.info(address, key.model(), key.digest()), System.nanoTime()));
    }

    private static Set<RemoteModels.Name> ids(AgentEngines agent) {
        Set<RemoteModels.Name> names = new HashSet<>();
        agent.models().forEach(key -> names.add(new RemoteModels.Name(key.model(), key.digest())));
        return names;
    }

    private void later() {
        try {
            var unused = thread.schedule(this::check, CHECK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException stopped) {
            checking = false;
        }
    }

    /** Hears of signs of life that are no change, and misses those who are not there any more. */
    private void check() {
        try {
            Fleet present = fleet;
            if (present != null) {
                for (AgentEngines agent : Set.copyOf(agents.values())) {
                    Optional<Fleet.Member> member = present.member(agent.agent());
                    member.ifPresent(known -> agent.hear(known, System.nanoTime()));
                    if (member.isEmpty() && System.nanoTime() - fleetSince > SETTLING.toNanos()) {
                        forget(agent);
                    }
                }
            }
            refresh();
        } catch (RuntimeException e) {
            log.error("The engines of other agents could not be looked after", e);
        }
        checking = !agents.isEmpty();
        if (checking) {
            later();
        }
    }

    private void forget(AgentEngines agent) {
        agents.remove(agent.agent());
        models.forget(agent.agent());
        agent.end();
    }

    private void onThread(Runnable task) {
        try {
            thread.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    log.error("The engines of other agents could not be brought up to date", e);
                }
            });
        } catch (RejectedExecutionException stopped) {
            log.debug("Stopped already: {}", stopped.getMessage());
        }
    }

    @Deactivate
    void stop() throws InterruptedException {
        try {
            thread.submit(() -> Set.copyOf(agents.values()).forEach(this::forget))
                    .get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            log.error("The engines of other agents could not be taken back", e);
        }
        thread.shutdownNow();
        watcher.shutdownNow();
        fetchers.shutdownNow();
        openers.shutdown();
    }
}
