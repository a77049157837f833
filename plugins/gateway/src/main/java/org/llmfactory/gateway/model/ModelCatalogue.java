package org.llmfactory.gateway.model;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.llmfactory.access.AccessPolicy;
import org.llmfactory.access.Action;
import org.llmfactory.access.Resource;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.adapter.FineTunedName;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.model.Model;
import org.llmfactory.api.project.Preset;

/** Everything that a caller may call as a model, and nothing else. */
public final class ModelCatalogue {
    private final ModelDirectory directory;

    public ModelCatalogue(ModelDirectory directory) {
        this.directory = directory;
    }

    /**
     * Base models, then presets, then adapters; each under its name where the name means it, and under its id where the
     * name means something else.
     */
    public List<CatalogueEntry> list(Caller caller) {
        VisibleModels visible = visible(caller);
        Set<String> taken = new HashSet<>();
        List<CatalogueEntry> entries = new ArrayList<>();
        for (Model model : visible.bases()) {
            taken.add(model.info().id());
            entries.add(new CatalogueEntry.Base(model.info()));
        }
        for (Preset preset : visible.presets()) {
            boolean meant = visible.preset(preset.name())
                    .filter(found -> found.id().equals(preset.id()))
                    .isPresent();
            String id = meant && taken.add(preset.name()) ? preset.name() : preset.id();
            describe(visible, id, preset).ifPresent(entries::add);
        }
        for (AdapterInfo adapter : visible.adapters()) {
            String name =
                    FineTunedName.of(adapter).map(FineTunedName::reference).orElse(adapter.name());
            String id = taken.add(name) ? name : adapter.id();
            describe(visible, id, adapter).ifPresent(entries::add);
        }
        return entries;
    }

    /** One of them, under whatever name the caller knows it. */
    public Optional<CatalogueEntry> find(Caller caller, String name) {
        VisibleModels visible = visible(caller);
        Optional<Model> base = visible.base(name);
        if (base.isPresent()) {
            return Optional.of(new CatalogueEntry.Base(base.get().info()));
        }
        Optional<Preset> preset = visible.preset(name);
        if (preset.isPresent()) {
            return describe(visible, name, preset.get());
        }
        return adapter(visible, name).flatMap(adapter -> describe(visible, name, adapter));
    }

    /**
     * An adapter that a caller may remove: one he may use, by any of its names, or one that he looks after though it is
     * none of his project's, by its id.
     *
     * @throws FactoryException {@code MODEL_NOT_FOUND}, or {@code PERMISSION_DENIED} for one that he may use only
     */
    public AdapterInfo removable(Caller caller, String name) {
        AdapterInfo adapter = adapter(visible(caller), name)
                .or(() -> byId(name)
                        .filter(found -> AccessPolicy.allows(caller, Action.DELETE_ADAPTER, Resource.of(found))))
                .orElseThrow(() -> UnknownModel.of(name));
        AccessPolicy.check(caller, Action.DELETE_ADAPTER, Resource.of(adapter));
        return adapter;
    }

    private Optional<AdapterInfo> byId(String id) {
        return directory
                .registry()
                .flatMap(registry -> registry.find(id).stream()
                        .filter(adapter -> adapter.id().equals(id))
                        .findFirst());
    }

    /** A name of another base is no name of the adapter, where nothing is to be answered. */
    private static Optional<AdapterInfo> adapter(VisibleModels visible, String name) {
        try {
            return new AdapterFinder(visible).find(name);
        } catch (FactoryException mismatch) {
            return Optional.empty();
        }
    }

    private VisibleModels visible(Caller caller) {
        return new VisibleModels(directory, caller, Action.LIST_MODELS);
    }

    /** Empty for an adapter whose base model is not there: it cannot answer. */
    private static Optional<CatalogueEntry> describe(VisibleModels visible, String id, AdapterInfo adapter) {
        return visible.base(adapter.baseModel()).map(base -> new CatalogueEntry.Adapter(id, base.info(), adapter));
    }

    /** Empty for a preset that cannot answer this caller. */
    private static Optional<CatalogueEntry> describe(VisibleModels visible, String id, Preset preset) {
        AdapterFinder finder = new AdapterFinder(visible);
        return visible.base(preset.base())
                .filter(base -> preset.adapters().stream()
                        .allMatch(part -> finder.find(preset, part.adapter()).isPresent()))
                .map(base -> new CatalogueEntry.PresetModel(id, base.info(), preset));
    }
}
