package org.llmfactory.gateway.model;

import java.util.List;
import java.util.Optional;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.model.Model;
import org.llmfactory.api.project.Preset;

/**
 * Says what names mean to one caller: a base model's id before a preset before an adapter. All methods throw {@code
 * MODEL_NOT_FOUND} for what is not there or not for him, in the same words.
 */
final class TargetFinder {
    private final VisibleModels visible;
    private final AdapterFinder adapters;
    private final MixRules rules;
    private final String defaultModel;

    TargetFinder(VisibleModels visible, MixRules rules, String defaultModel) {
        this.visible = visible;
        this.adapters = new AdapterFinder(visible);
        this.rules = rules;
        this.defaultModel = defaultModel;
    }

    /** A name alone; an empty one is the default base model. */
    Target find(String name) {
        if (name.isEmpty()) {
            return new Target(defaultModel(), List.of(), Optional.empty());
        }
        Optional<Model> base = visible.base(name);
        if (base.isPresent()) {
            return new Target(base.get(), List.of(), Optional.empty());
        }
        Optional<Preset> preset = visible.preset(name);
        if (preset.isPresent()) {
            return complete(name, preset.get());
        }
        AdapterInfo adapter = adapters.require(new AdapterReference(name, 1, "model"));
        Model itsBase = baseOf(adapter);
        AppliedAdapter applied = AdapterFinder.applied(adapter, 1, itsBase.info(), "model");
        return new Target(itsBase, List.of(applied), Optional.empty());
    }

    /** A name whose adapters are replaced by a mix. Without a name the first adapter's base is meant. */
    Target find(String name, List<AdapterReference> mix) {
        rules.check(mix);
        if (name.isEmpty() && !mix.isEmpty()) {
            Model base = baseOf(adapters.require(mix.get(0)));
            return new Target(base, adapters.apply(mix, base.info()), Optional.empty());
        }
        Optional<Preset> preset =
                name.isEmpty() || visible.base(name).isPresent() ? Optional.empty() : visible.preset(name);
        Model base =
                preset.isPresent() ? baseOf(name, preset.get()) : find(name).model();
        return new Target(base, adapters.apply(mix, base.info()), preset);
    }

    /** A preset never opens an adapter: each must be the caller's to use, or there is no such preset for him. */
    private Target complete(String name, Preset preset) {
        Model base = baseOf(name, preset);
        List<AdapterReference> mix = preset.adapters().stream()
                .map(part -> new AdapterReference(part.adapter(), part.weight(), "model"))
                .toList();
        rules.check(mix);
        return new Target(base, adapters.apply(preset, mix, name, base.info()), Optional.of(preset));
    }

    private Model baseOf(String name, Preset preset) {
        return visible.base(preset.base()).orElseThrow(() -> UnknownModel.of(name));
    }

    private Model baseOf(AdapterInfo adapter) {
        return visible.base(adapter.baseModel())
                .orElseThrow(() -> FactoryException.ofParameter(
                        ErrorCode.MODEL_NOT_FOUND,
                        "model",
                        "The adapter '" + adapter.name() + "' needs the base model '" + adapter.baseModel()
                                + "', which is not on this server or not for you."));
    }

    private Model defaultModel() {
        Optional<Model> found =
                defaultModel.isEmpty() ? visible.bases().stream().findFirst() : visible.base(defaultModel);
        return found.orElseThrow(() -> FactoryException.ofParameter(
                ErrorCode.MODEL_NOT_FOUND,
                "model",
                "There is no default model for you on this server; name a model, or pull one with './factory model"
                        + " pull'."));
    }
}
