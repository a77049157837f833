package org.llmfactory.projects.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.project.Preset;
import org.llmfactory.database.ChangeFeed;

/** The presets in memory, read anew after changes, whoever made them. Safe for use by several threads. */
public final class PresetStore implements AutoCloseable {
    /** News about a preset. */
    public static final String PRESETS = "presets";

    private final Jdbi jdbi;
    private final Cached<State> cache;
    private final ChangeFeed.Subscription subscription;

    /** All versions by id, each preset's oldest first; presets in the order of their first version. */
    private record State(long revision, Map<String, List<Preset>> versions) {
        State {
            Objects.requireNonNull(versions, "versions");
        }
    }

    /** Opens the tables, which must be up to date. */
    public PresetStore(Jdbi jdbi, ChangeFeed changes) {
        this.jdbi = jdbi;
        this.cache = new Cached<>(this::read);
        this.subscription = changes.subscribe(PRESETS, key -> cache.expire());
    }

    /** All versions of every preset, oldest first; presets in the order they were made. */
    public Collection<List<Preset>> all() {
        return cache.get().versions().values();
    }

    /** The versions of a preset, oldest first; empty for one that is not there. */
    public List<Preset> versions(String id) {
        return cache.get().versions().getOrDefault(id, List.of());
    }

    private State read(@Nullable State known) {
        return jdbi.inTransaction(TransactionIsolationLevel.REPEATABLE_READ, handle -> {
            long revision = Revision.PRESETS.of(handle);
            if (known != null && known.revision() == revision) {
                return known;
            }
            Map<String, List<Preset>> versions = new LinkedHashMap<>();
            new PresetTable(handle)
                    .all()
                    .forEach(preset -> versions.computeIfAbsent(preset.id(), any -> new ArrayList<>())
                            .add(preset));
            versions.replaceAll((id, list) -> List.copyOf(list));
            return new State(revision, Collections.unmodifiableMap(versions));
        });
    }

    @Override
    public void close() {
        subscription.close();
    }
}
