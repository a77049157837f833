package org.llmfactory.api.project.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.project.Preset;
import org.llmfactory.api.project.Presets;

/** Presets in a list; each project sees its own. */
public final class InMemoryPresets implements Presets {
    private final List<Preset> presets = new ArrayList<>();

    /** Adds a version. */
    public synchronized InMemoryPresets add(Preset preset) {
        presets.add(preset);
        return this;
    }

    @Override
    public synchronized Optional<Preset> find(Caller caller, String reference) {
        return presets.stream()
                .filter(preset -> caller.roleIn(preset.project()).isPresent())
                .filter(preset -> List.of(
                                preset.name(),
                                preset.id(),
                                preset.name() + "@" + preset.version(),
                                preset.id() + "@" + preset.version())
                        .contains(reference))
                .reduce((older, newer) -> newer);
    }

    @Override
    public synchronized List<Preset> list(Caller caller) {
        return presets.stream()
                .filter(preset -> caller.roleIn(preset.project()).isPresent())
                .toList();
    }
}
