package org.llmfactory.gateway.route;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.inference.InferenceEngine;
import org.llmfactory.api.model.ModelInfo;
import org.llmfactory.api.network.Membership;

/** The engines that are there now, here and on other agents. Safe for use by several threads. */
public final class Engines {
    private static final String NOWHERE = "local";

    private final List<EngineEntry> entries = new CopyOnWriteArrayList<>();
    private final AtomicInteger turns = new AtomicInteger();
    private volatile @Nullable Membership membership;

    public void add(EngineEntry entry) {
        entries.add(entry);
    }

    public void remove(InferenceEngine engine) {
        entries.removeIf(entry -> entry.engine() == engine);
    }

    /** Says where this process is, from now on; null when it belongs to no network. */
    public void place(@Nullable Membership present) {
        membership = present;
    }

    /** It belongs to this network no longer. */
    public void leave(Membership gone) {
        if (membership == gone) {
            membership = null;
        }
    }

    /** Whether any engine answers that model for that project. */
    public boolean serve(ModelInfo model, String project) {
        return entries.stream().anyMatch(entry -> entry.serves(model, project));
    }

    /**
     * What answers that model for one request of that project: where there is a choice, or a way that may fail, an engine
     * that sees to it; the only one in this process as it is. Empty when there is none.
     */
    public Optional<Routing> find(ModelInfo model, String project) {
        List<EngineEntry> found = serving(model, project);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        if (found.size() == 1 && !found.get(0).isRemote()) {
            return Optional.of(new Routing(found.get(0).engine(), this::direct));
        }
        RoutedEngine routed = new RoutedEngine(this, model, project);
        return Optional.of(new Routing(routed, routed::routes));
    }

    /** What is said where no engine serves a model. */
    public static FactoryException unserved(ModelInfo model) {
        return FactoryException.retryLater(
                ErrorCode.OVERLOADED,
                Duration.ofSeconds(5),
                "No engine serves the model '" + model.id() + "' at present.");
    }

    private List<Route> direct() {
        return List.of(new Route(self(), "only engine, local", 1, true));
    }

    List<EngineEntry> serving(ModelInfo model, String project) {
        return entries.stream().filter(entry -> entry.serves(model, project)).toList();
    }

    /** Picks one of several engines, at least one. */
    Choice choose(List<EngineEntry> engines, List<String> adapters) {
        String region = region();
        List<Candidate> candidates = engines.stream()
                .map(entry -> Candidate.of(entry, adapters, region))
                .toList();
        int best = RoutePolicy.best(candidates, turns.getAndIncrement());
        EngineEntry entry = engines.get(best);
        return new Choice(entry, entry.agent().orElseGet(this::self), candidates.get(best));
    }

    private String self() {
        Membership present = membership;
        return present == null ? NOWHERE : present.self().toString();
    }

    private String region() {
        Membership present = membership;
        return present == null ? "" : present.region();
    }

    /**
     * What was picked.
     *
     * @param entry the engine
     * @param agent where it runs
     * @param candidate what it was picked by
     */
    record Choice(EngineEntry entry, String agent, Candidate candidate) {}
}
