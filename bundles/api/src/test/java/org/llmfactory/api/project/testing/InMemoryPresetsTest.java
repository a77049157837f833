package org.llmfactory.api.project.testing;

import org.llmfactory.api.project.Preset;
import org.llmfactory.api.project.Presets;

final class InMemoryPresetsTest extends PresetsContract {
    private final InMemoryPresets presets = new InMemoryPresets();

    @Override
    protected Presets presets() {
        return presets;
    }

    @Override
    protected void add(Preset preset) {
        presets.add(preset);
    }
}
