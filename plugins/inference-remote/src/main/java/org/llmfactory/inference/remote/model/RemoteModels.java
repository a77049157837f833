package org.llmfactory.inference.remote.model;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.model.LocalModel;
import org.llmfactory.api.model.Model;
import org.llmfactory.api.model.ModelInfo;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.inference.remote.Services;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models that agents serve and this one does not have. Each becomes a service once what is to be known of it has been
 * fetched, and stays one while any agent that serves it is remembered. What a project's own agent says of a model counts
 * for that project alone: it could say anything. Confined to one thread, but for the fetching.
 */
public final class RemoteModels {
    private static final Logger log = LoggerFactory.getLogger(RemoteModels.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /**
     * A model, to the weights.
     *
     * @param id what it is called
     * @param digest its identity
     */
    public record Name(String id, String digest) {}

    /** @param tenant the project that it is for; empty for all */
    private record Key(Name name, String tenant) {}

    private static final class Entry {
        final Set<AgentAddress> agents = new LinkedHashSet<>();

        @Nullable
        RemoteModel model;

        @Nullable
        Runnable publication;

        boolean fetching;
        int failures;
        long notBefore = System.nanoTime();
    }

    private final Services services;
    private final ModelFetcher fetcher;
    private final Executor fetchers;
    private final Executor thread;
    private final Map<Key, Entry> entries = new HashMap<>();
    private final List<LocalModel> locals = new ArrayList<>();

    /**
     * @param fetchers where a fetch may take its time
     * @param thread the one thread that all of this happens on
     */
    public RemoteModels(Services services, ModelFetcher fetcher, Executor fetchers, Executor thread) {
        this.services = services;
        this.fetcher = fetcher;
        this.fetchers = fetchers;
        this.thread = thread;
    }

    public void addLocal(LocalModel model) {
        locals.add(model);
    }

    public void removeLocal(LocalModel model) {
        locals.remove(model);
    }

    /** An agent serves these models; what it served before stays known as well. */
    public void offer(AgentAddress agent, Set<Name> names) {
        for (Name name : names) {
            entries.computeIfAbsent(new Key(name, tenant(agent)), key -> new Entry())
                    .agents
                    .add(agent);
        }
    }

    /** An agent is remembered no longer. */
    public void forget(AgentAddress agent) {
        entries.values().removeIf(entry -> {
            boolean over = entry.agents.remove(agent) && entry.agents.isEmpty();
            if (over) {
                withdraw(entry);
            }
            return over;
        });
    }

    /** What is known of a model that an agent serves, if it is known yet. */
    public Optional<ModelInfo> info(AgentAddress agent, String id, String digest) {
        Name name = new Name(id, digest);
        return local(name).or(() -> fetched(new Key(name, ""))).or(() -> fetched(new Key(name, tenant(agent))));
    }

    /** Fetches what is missing and publishes what is there, unless something better is. */
    public void tend() {
        entries.forEach((key, entry) -> {
            if (isKnownOtherwise(key)) {
                withdraw(entry);
            } else if (entry.model != null) {
                publish(entry, entry.model);
            } else if (!entry.fetching && System.nanoTime() - entry.notBefore >= 0) {
                fetch(key, entry);
            }
        });
    }

    private boolean isKnownOtherwise(Key key) {
        return local(key.name()).isPresent()
                || (!key.tenant().isEmpty() && fetched(new Key(key.name(), "")).isPresent());
    }

    private Optional<ModelInfo> local(Name name) {
        return locals.stream()
                .map(LocalModel::info)
                .filter(info -> info.id().equals(name.id()) && info.digest().equals(name.digest()))
                .findFirst();
    }

    private Optional<ModelInfo> fetched(Key key) {
        return Optional.ofNullable(entries.get(key))
                .flatMap(entry -> Optional.ofNullable(entry.model))
                .map(RemoteModel::info);
    }

    /** The tenant that an agent's word counts for. */
    private static String tenant(AgentAddress agent) {
        return AgentAddress.projectOf(agent.tenant()).orElse("");
    }

    private void publish(Entry entry, RemoteModel model) {
        if (entry.publication == null) {
            ModelInfo info = model.info();
            entry.publication =
                    services.publish(Model.class, model, Map.of(Model.ID, info.id(), Model.DIGEST, info.digest()));
            log.info("Model {} is served by other agents, digest {}", info.id(), info.digest());
        }
    }

    private static void withdraw(Entry entry) {
        Runnable published = entry.publication;
        entry.publication = null;
        if (published != null) {
            published.run();
        }
    }

    private void fetch(Key key, Entry entry) {
        List<AgentAddress> agents = List.copyOf(entry.agents);
        AgentAddress from = agents.get(entry.failures % agents.size());
        entry.fetching = true;
        fetchers.execute(() -> {
            try {
                RemoteModel model = fetcher.bring(key.name().id(), key.name().digest(), key.tenant(), from);
                thread.execute(() -> {
                    entry.fetching = false;
                    entry.model = model;
                });
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                thread.execute(() -> failed(key, entry, from, e));
            }
        });
    }

    private static void failed(Key key, Entry entry, AgentAddress from, Exception failure) {
        entry.fetching = false;
        long pause = FIRST_PAUSE.toNanos() << Math.min(entry.failures, 10);
        entry.notBefore = System.nanoTime() + Math.min(pause, LONGEST_PAUSE.toNanos());
        entry.failures++;
        log.warn(
                "What is to be known of the model {} cannot be fetched from {}: {}",
                key.name().id(),
                from,
                failure.getMessage());
    }
}
