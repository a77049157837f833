package org.llmfactory.projects.store;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.project.Preset;

/** The first version of a preset. */
public final class NewPreset {
    private NewPreset() {}

    /**
     * Adds it, with its audit entry.
     *
     * @throws FactoryException {@code CONFLICT} when the name is taken in its project
     */
    public static Preset insert(Change change, Preset preset) {
        if (change.presets().taken(preset.project(), preset.name())) {
            throw new FactoryException(
                    ErrorCode.CONFLICT, "The name '" + preset.name() + "' is taken in this project; choose another.");
        }
        change.presets().insert(preset);
        change.enter(
                "preset.created",
                Optional.of(preset.project()),
                preset.id(),
                Map.of(
                        "name",
                        preset.name(),
                        "visibility",
                        preset.visibility().name().toLowerCase(Locale.ROOT)));
        change.tell(PresetStore.PRESETS, preset.id());
        return preset;
    }
}
