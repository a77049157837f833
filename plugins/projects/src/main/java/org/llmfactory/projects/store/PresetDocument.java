package org.llmfactory.projects.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.project.Preset;
import org.llmfactory.rest.Json;

/** What a version of a preset says, as it is stored: read and written as a whole, so one JSON text. */
record PresetDocument(List<Part> adapters, @Nullable String system, Map<String, Object> parameters) {
    record Part(String adapter, float weight) {}

    static String write(Preset preset) {
        PresetDocument document = new PresetDocument(
                preset.adapters().stream()
                        .map(part -> new Part(part.adapter(), part.weight()))
                        .toList(),
                preset.system().orElse(null),
                preset.parameters());
        try {
            return Json.MAPPER.writeValueAsString(document);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a preset that is no JSON", impossible);
        }
    }

    static PresetDocument read(String preset, String text) {
        try {
            return Json.MAPPER.readValue(text, PresetDocument.class);
        } catch (JsonProcessingException failure) {
            throw new IllegalStateException("the stored preset '" + preset + "' is damaged", failure);
        }
    }

    List<Preset.Part> parts() {
        return adapters.stream()
                .map(part -> new Preset.Part(part.adapter(), part.weight()))
                .toList();
    }
}
