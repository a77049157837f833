package org.llmfactory.projects.rest.preset;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.project.Preset;
import org.llmfactory.projects.rest.Inputs;
import org.llmfactory.projects.rest.Seconds;

/** One version of a preset as the wire has it. */
public record PresetObject(
        String object,
        String id,
        String name,
        int version,
        String project,
        String owner,
        String visibility,
        String base,
        List<Part> adapters,
        @Nullable String system,
        Map<String, Object> parameters,
        long createdAt) {
    /** One adapter of the mix. */
    public record Part(String id, float weight) {}

    public PresetObject {
        adapters = List.copyOf(adapters);
        parameters = Map.copyOf(parameters);
    }

    static PresetObject of(Preset preset) {
        return new PresetObject(
                "preset",
                preset.id(),
                preset.name(),
                preset.version(),
                preset.project(),
                preset.owner(),
                Inputs.word(preset.visibility()),
                preset.base(),
                preset.adapters().stream()
                        .map(part -> new Part(part.adapter(), part.weight()))
                        .toList(),
                preset.system().orElse(null),
                preset.parameters(),
                Seconds.of(preset.created()));
    }
}
