package org.llmfactory.gateway.model;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.model.ModelInfo;

/** Finds the adapters that a request names, and checks that they fit its base model. */
final class AdapterFinder {
    private final ModelDirectory directory;

    AdapterFinder(ModelDirectory directory) {
        this.directory = directory;
    }

    /** Also {@code base:id}, which the registry need not know. */
    private Optional<AdapterInfo> find(String model) {
        Optional<AdapterInfo> known = registered(model);
        if (known.isPresent()) {
            return known;
        }
        for (int colon = model.indexOf(':'); colon >= 0; colon = model.indexOf(':', colon + 1)) {
            String base = model.substring(0, colon);
            Optional<AdapterInfo> adapter = registered(model.substring(colon + 1));
            if (directory.model(base).isPresent() && adapter.isPresent()) {
                if (!adapter.get().baseModel().equals(base)) {
                    throw mismatch(adapter.get(), base, "model");
                }
                return adapter;
            }
        }
        return Optional.empty();
    }

    private Optional<AdapterInfo> registered(String reference) {
        return directory.registry().flatMap(registry -> registry.find(reference));
    }

    /** The adapter, or {@code MODEL_NOT_FOUND}, or {@code ADAPTER_MISMATCH} for {@code base:adapter} of another base. */
    AdapterInfo require(AdapterReference reference) {
        return find(reference.reference()).orElseThrow(() -> unknown(reference.path(), reference.reference()));
    }

    /** A mix on a base model: all adapters are for it, and none is there twice. */
    List<AppliedAdapter> apply(List<AdapterReference> mix, ModelInfo base) {
        List<AppliedAdapter> adapters = new ArrayList<>();
        Set<String> digests = new HashSet<>();
        for (AdapterReference reference : mix) {
            AppliedAdapter adapter = applied(require(reference), reference.weight(), base, reference.path());
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

    private static FactoryException unknown(String path, String model) {
        return FactoryException.ofParameter(
                ErrorCode.MODEL_NOT_FOUND,
                path,
                "The model '" + model + "' does not exist or you do not have access to it.");
    }

    private static FactoryException mismatch(AdapterInfo adapter, String base, String path) {
        return FactoryException.ofParameter(
                ErrorCode.ADAPTER_MISMATCH,
                path,
                "The adapter '" + adapter.name() + "' was made for the base model '" + adapter.baseModel()
                        + "', not for '" + base + "'.");
    }
}
