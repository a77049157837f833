package org.llmfactory.gateway.model;

import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.adapter.AdapterRegistry;
import org.llmfactory.api.inference.InferenceEngine;
import org.llmfactory.api.model.LocalModel;
import org.llmfactory.api.model.Model;
import org.llmfactory.api.network.Membership;
import org.llmfactory.api.project.Presets;
import org.llmfactory.api.project.ProjectSettings;
import org.llmfactory.api.project.Projects;
import org.llmfactory.gateway.route.EngineEntry;
import org.llmfactory.gateway.route.Engines;
import org.llmfactory.rest.OptionalService;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * The engines, models, presets and adapters that are there now, and what projects have decided about them. They come and go
 * while requests run: a plugin that is updated is away for a moment, and a request that needs it waits.
 */
@Component(service = ModelDirectory.class)
public final class ModelDirectory {
    /** Asked again after this time without a change too: an adapter may have been registered meanwhile. */
    private static final long ASK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final Comparator<Model> OLDEST_FIRST = Comparator.comparing(
                    (Model model) -> model.info().created())
            .thenComparing(model -> model.info().id());

    /** Of several models with one id: the one that lies here, then one for all, then the oldest. */
    private static final Comparator<Model> MEANT_FIRST = Comparator.comparing(
                    (Model model) -> !(model instanceof LocalModel))
            .thenComparing(model -> model.tenant().isPresent())
            .thenComparing(OLDEST_FIRST)
            .thenComparing(model -> model.info().digest());

    private final Engines engines = new Engines();
    private final List<Model> models = new CopyOnWriteArrayList<>();
    private final OptionalService<AdapterRegistry> registry = new OptionalService<>();
    private final OptionalService<Projects> projects = new OptionalService<>();
    private final OptionalService<Presets> presets = new OptionalService<>();
    private volatile @Nullable Long lastDeparture;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long changes;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void addEngine(InferenceEngine engine, Map<String, Object> properties) {
        engines.add(EngineEntry.of(engine, properties));
        announceChange();
    }

    public void removeEngine(InferenceEngine engine) {
        engines.remove(engine);
        announceDeparture();
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void addModel(Model model) {
        models.add(model);
        announceChange();
    }

    public void removeModel(Model model) {
        models.remove(model);
        announceDeparture();
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    public void setRegistry(AdapterRegistry present) {
        registry.bind(present);
        announceChange();
    }

    public void unsetRegistry(AdapterRegistry gone) {
        registry.unbind(gone);
        announceDeparture();
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    public void setProjects(Projects present) {
        projects.bind(present);
        announceChange();
    }

    public void unsetProjects(Projects gone) {
        projects.unbind(gone);
        announceDeparture();
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    public void setPresets(Presets present) {
        presets.bind(present);
        announceChange();
    }

    public void unsetPresets(Presets gone) {
        presets.unbind(gone);
        announceDeparture();
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    public void setMembership(Membership present) {
        engines.place(present);
    }

    public void unsetMembership(Membership gone) {
        engines.leave(gone);
    }

    /** The base models that a project can ask, here or on other agents, oldest first; one of each id. */
    List<Model> models(String project) {
        Map<String, Model> byId = new LinkedHashMap<>();
        models.stream()
                .filter(model -> isFor(model, project))
                .sorted(MEANT_FIRST)
                .forEach(model -> byId.putIfAbsent(model.info().id(), model));
        return byId.values().stream().sorted(OLDEST_FIRST).toList();
    }

    /** The base model that an id means to a project. */
    Optional<Model> model(String id, String project) {
        return models.stream()
                .filter(model -> model.info().id().equals(id) && isFor(model, project))
                .min(MEANT_FIRST);
    }

    private static boolean isFor(Model model, String project) {
        return model.tenant().map(project::equals).orElse(true);
    }

    /** The engines that are there now. */
    public Engines engines() {
        return engines;
    }

    /** The catalogue of adapters, where there is one. */
    public Optional<AdapterRegistry> registry() {
        return registry.get();
    }

    /** The catalogue of presets, where there is one. */
    public Optional<Presets> presets() {
        return presets.get();
    }

    /**
     * What a project has decided; empty for one that is unknown or archived.
     *
     * @throws org.llmfactory.api.error.FactoryException {@code OVERLOADED} while nobody can say: then nothing is allowed
     */
    public Optional<ProjectSettings> settings(String project) {
        return projects.require(
                        "Nobody can say what your project may use, so nothing is allowed: the projects plugin is not"
                                + " running.")
                .settings(project);
    }

    /** Whether something is away that answers are looked up in. */
    boolean isIncomplete() {
        return registry.get().isEmpty()
                || projects.get().isEmpty()
                || presets.get().isEmpty()
                || models.isEmpty();
    }

    /** How long ago anything went away; empty when nothing has, so far. */
    public Optional<Duration> sinceLastDeparture() {
        return Optional.ofNullable(lastDeparture).map(time -> Duration.ofNanos(System.nanoTime() - time));
    }

    /** Asks until there is an answer, again after each coming or going, for {@code limit} at most. */
    public <T> Optional<T> await(Supplier<Optional<T>> question, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            long seen = changes();
            // Asked without the lock: whoever answers may hold locks of his own while he announces a change.
            Optional<T> answer = question.get();
            if (answer.isPresent() || System.nanoTime() >= deadline) {
                return answer;
            }
            awaitChange(seen, deadline);
        }
    }

    private void awaitChange(long seen, long deadline) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = Math.min(deadline - System.nanoTime(), ASK_AGAIN_NANOS);
            while (changes == seen && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private long changes() {
        lock.lock();
        try {
            return changes;
        } finally {
            lock.unlock();
        }
    }

    private void announceDeparture() {
        lastDeparture = System.nanoTime();
        announceChange();
    }

    private void announceChange() {
        lock.lock();
        try {
            changes++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
