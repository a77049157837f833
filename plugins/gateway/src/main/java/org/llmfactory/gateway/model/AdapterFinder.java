package org.llmfactory.gateway.model;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.model.ModelInfo;
import org.llmfactory.api.project.Preset;

/** Finds the adapters that a request names among those the caller may use, and checks that they fit its base model. */
final class AdapterFinder {
    private final VisibleModels visible;

    AdapterFinder(VisibleModels visible) {
        this.visible = visible;
    }

    /**
     * By id, name, digest, {@code base:name}, and {@code base:id}, which the registry need not know.
     *
     * @throws FactoryException {@code ADAPTER_MISMATCH} for {@code base:adapter} of another base
     */
    Optional<AdapterInfo> find(String model) {
        Optional<AdapterInfo> known = first(model);
        if (known.isPresent()) {
            return known;
        }
        for (int colon = model.indexOf(':'); colon >= 0; colon = model.indexOf(':', colon + 1)) {
            String base = model.substring(0, colon);
            Optional<AdapterInfo> adapter = first(model.substring(colon + 1));
            if (visible.base(base).isPresent() && adapter.isPresent()) {
                if (!adapter.get().baseModel().equals(base)) {
                    throw mismatch(adapter.get(), base, "model");
                }
                return adapter;
            }
        }
        return Optional.empty();
    }

    private Optional<AdapterInfo> first(String reference) {
        return visible.adapters(reference).stream().findFirst();
    }

    /** The adapter, or {@code MODEL_NOT_FOUND}, or {@code ADAPTER_MISMATCH}. */
    AdapterInfo require(AdapterReference reference) {
        return find(reference.reference()).orElseThrow(() -> UnknownModel.at(reference.path(), reference.reference()));
    }

    /** A part of a preset: an adapter by its id, or by its name in the preset's own project. */
    Optional<AdapterInfo> find(Preset preset, String reference) {
        return visible.adapters(reference).stream()
                .filter(adapter ->
                        adapter.id().equals(reference) || adapter.project().equals(preset.project()))
                .findFirst();
    }

    /** A mix on a base model: all adapters are for it, and none is there twice. */
    List<AppliedAdapter> apply(List<AdapterReference> mix, ModelInfo base) {
        return apply(mix, base, this::require);
    }

    /**
     * A preset's mix on its base model.
     *
     * @throws FactoryException {@code MODEL_NOT_FOUND} for the preset as a whole when one of its adapters is not for the
     *     caller
     */
    List<AppliedAdapter> apply(Preset preset, List<AdapterReference> mix, String name, ModelInfo base) {
        return apply(mix, base, part -> find(preset, part.reference()).orElseThrow(() -> UnknownModel.of(name)));
    }

    private static List<AppliedAdapter> apply(
            List<AdapterReference> mix, ModelInfo base, Function<AdapterReference, AdapterInfo> finder) {
        List<AppliedAdapter> adapters = new ArrayList<>();
        Set<String> digests = new HashSet<>();
        for (AdapterReference reference : mix) {
            AppliedAdapter adapter = applied(finder.apply(reference), reference.weight(), base, reference.path());
            if (!digests.add(adapter.digest())) {
                throw FactoryException.ofParameter(
                        ErrorCode.INVALID_VALUE,
                        reference.path(),
                        "Invalid '" + reference.path() + "': the adapter '" + reference.reference()
                                + "' is in the mix already; give it once, with the sum of its weights.");
            }
            adapters.add(adapter);
        }
        return adapters;
    }

    /** One adapter on a base model, which must be the one it was made for. */
    static AppliedAdapter applied(AdapterInfo adapter, float weight, ModelInfo base, String path) {
        if (!adapter.baseModel().equals(base.id())) {
            throw mismatch(adapter, base.id(), path);
        }
        if (!adapter.baseDigest().equals(base.digest())) {
            throw FactoryException.ofParameter(
                    ErrorCode.ADAPTER_MISMATCH,
                    path,
                    "The adapter '" + adapter.name() + "' was registered for another version of '" + base.id()
                            + "' than the one that is here now; register it again.");
        }
        return new AppliedAdapter(adapter.id(), adapter.name(), adapter.digest(), weight);
    }

    private static FactoryException mismatch(AdapterInfo adapter, String base, String path) {
        return FactoryException.ofParameter(
                ErrorCode.ADAPTER_MISMATCH,
                path,
                "The adapter '" + adapter.name() + "' was made for the base model '" + adapter.baseModel()
                        + "', not for '" + base + "'.");
    }
}
