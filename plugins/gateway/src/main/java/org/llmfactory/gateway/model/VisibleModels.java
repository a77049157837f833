package org.llmfactory.gateway.model;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.llmfactory.access.Action;
import org.llmfactory.access.Reach;
import org.llmfactory.access.Resource;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.adapter.AdapterRegistry;
import org.llmfactory.api.adapter.FineTunedName;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.model.Model;
import org.llmfactory.api.project.Preset;
import org.llmfactory.api.project.Presets;

/** The models, presets and adapters that are there for one caller: whatever he may not use does not exist here. */
final class VisibleModels {
    private final ModelDirectory directory;
    private final Reach reach;
    private final Action action;

    /**
     * What a caller may use now.
     *
     * @param action what is to be done with base models
     * @throws org.llmfactory.api.error.FactoryException {@code OVERLOADED} when nobody can say what projects have decided
     */
    VisibleModels(ModelDirectory directory, Caller caller, Action action) {
        this.directory = directory;
        this.reach = new Reach(caller, directory.settings(caller.project()));
        this.action = action;
    }

    /** Base models, oldest first. */
    List<Model> bases() {
        return directory.models(project()).stream()
                .filter(model -> reach.includes(action, model.info()))
                .toList();
    }

    Optional<Model> base(String id) {
        return directory.model(id, project()).filter(model -> reach.includes(action, model.info()));
    }

    /** Presets, oldest first. */
    List<Preset> presets() {
        return directory.presets().map(presets -> presets.list(reach.caller())).orElse(List.of()).stream()
                .filter(this::isUsable)
                .toList();
    }

    Optional<Preset> preset(String reference) {
        Optional<Presets> presets = directory.presets();
        return presets.flatMap(present -> present.find(reach.caller(), reference))
                .filter(this::isUsable);
    }

    /** Adapters, his own before the project's before those that are published, each group oldest first. */
    List<AdapterInfo> adapters() {
        return usable(AdapterRegistry::list);
    }

    /** What a reference can mean, the first one before the others; without looking into {@code base:adapter}. */
    List<AdapterInfo> adapters(String reference) {
        return FineTunedName.parse(reference)
                .map(this::fineTuned)
                .orElseGet(() -> usable(registry -> registry.find(reference)));
    }

    private List<AdapterInfo> fineTuned(FineTunedName name) {
        return usable(registry -> registry.find(name.adapterName()).stream()
                .filter(adapter ->
                        FineTunedName.of(adapter).filter(name::equals).isPresent())
                .toList());
    }

    private List<AdapterInfo> usable(Function<AdapterRegistry, List<AdapterInfo>> lookup) {
        List<AdapterInfo> found = directory.registry().map(lookup).orElse(List.of());
        return reach.select(Action.USE_ADAPTER, found, Resource::of);
    }

    private String project() {
        return reach.caller().project();
    }

    private boolean isUsable(Preset preset) {
        return reach.includes(Action.USE_PRESET, Resource.of(preset));
    }
}
