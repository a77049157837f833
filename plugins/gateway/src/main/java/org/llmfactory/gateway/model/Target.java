package org.llmfactory.gateway.model;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.llmfactory.api.model.Model;
import org.llmfactory.api.project.Preset;

/**
 * What a model name means to a caller.
 *
 * @param model the base model
 * @param adapters the mix on it
 * @param preset the preset it comes from, if any
 */
record Target(Model model, List<AppliedAdapter> adapters, Optional<Preset> preset) {
    Target {
        Objects.requireNonNull(model, "model");
        adapters = List.copyOf(adapters);
        Objects.requireNonNull(preset, "preset");
    }
}
