package org.llmfactory.gateway.model;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.llmfactory.access.Action;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.adapter.AdapterRegistry;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.model.LocalModel;
import org.llmfactory.api.project.Preset;
import org.llmfactory.api.project.Presets;

/** The models, presets and adapters that are there for one caller: whatever he may not use does not exist here. */
final class VisibleModels {
    private final ModelDirectory directory;
    private final Grants grants;
    private final Action action;

    /**
     * What a caller may use now.
     *
     * @param action what is to be done with base models
     * @throws org.llmfactory.api.error.FactoryException {@code OVERLOADED} when nobody can say what projects have decided
     */
    VisibleModels(ModelDirectory directory, Caller caller, Action action) {
        this.directory = directory;
        this.grants = Grants.of(caller, directory.settings(caller.project()));
        this.action = action;
    }

    /** Base models, oldest first. */
    List<LocalModel> bases() {
        return directory.models().stream()
                .filter(model -> grants.allow(action, model.info()))
                .toList();
    }

    Optional<LocalModel> base(String id) {
        return directory.model(id).filter(model -> grants.allow(action, model.info()));
    }

    /** Presets, oldest first. */
    List<Preset> presets() {
        return directory.presets().map(presets -> presets.list(grants.caller())).orElse(List.of()).stream()
                .filter(grants::allow)
                .toList();
    }

    Optional<Preset> preset(String reference) {
        Optional<Presets> presets = directory.presets();
        return presets.flatMap(present -> present.find(grants.caller(), reference))
                .filter(grants::allow);
    }

    /** Adapters, his own before the project's before those that are published, each group oldest first. */
    List<AdapterInfo> adapters() {
        return directory.registry().map(AdapterRegistry::list).orElse(List.of()).stream()
                .filter(grants::allow)
                .sorted(Comparator.comparingInt(grants::rank))
                .toList();
    }

    /** What a reference can mean, the first one before the others; without looking into {@code base:adapter}. */
    List<AdapterInfo> adapters(String reference) {
        return directory.registry().map(registry -> registry.find(reference)).orElse(List.of()).stream()
                .filter(grants::allow)
                .sorted(Comparator.comparingInt(grants::rank))
                .toList();
    }
}
