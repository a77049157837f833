package org.llmfactory.inference.internal;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.adapter.AdapterRegistry;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.model.ModelInfo;
import org.llmfactory.inference.engine.AdapterSource;
import org.llmfactory.inference.runner.ModelRunner;
import org.llmfactory.inference.runner.ResidentAdapter;
import org.llmfactory.models.adapter.LoraAdapter;

/** The adapters of one base model, from the agent's registry into the memory of the model's device. */
final class RegistryAdapterSource implements AdapterSource {
    private final Supplier<@Nullable AdapterRegistry> registry;
    private final ModelInfo model;
    private final ModelRunner runner;

    /**
     * Made once for an engine.
     *
     * @param registry the present one, or null while there is none
     */
    RegistryAdapterSource(Supplier<@Nullable AdapterRegistry> registry, ModelInfo model, ModelRunner runner) {
        this.registry = registry;
        this.model = model;
        this.runner = runner;
    }

    @Override
    public long find(String digest) {
        // The same content may be registered several times, by different people and for different bases.
        List<AdapterInfo> registered = registry().find(digest).stream()
                .filter(adapter -> adapter.digest().equals(digest))
                .toList();
        if (registered.isEmpty()) {
            throw new FactoryException(ErrorCode.MODEL_NOT_FOUND, "The adapter does not exist or has been removed.");
        }
        return registered.stream()
                .filter(adapter -> adapter.baseDigest().equals(model.digest()))
                .findFirst()
                .map(AdapterInfo::bytes)
                .orElseThrow(() -> mismatch(registered.get(0)));
    }

    private FactoryException mismatch(AdapterInfo adapter) {
        return new FactoryException(
                ErrorCode.ADAPTER_MISMATCH,
                "The adapter '" + adapter.name() + "' was made for the model '" + adapter.baseModel()
                        + "' and does not fit '" + model.id() + "'.");
    }

    @Override
    public ResidentAdapter load(String digest) {
        try (LoraAdapter adapter = LoraAdapter.open(registry().fetch(digest), runner.config())) {
            return runner.load(adapter);
        }
    }

    private AdapterRegistry registry() {
        AdapterRegistry present = registry.get();
        if (present == null) {
            throw FactoryException.retryLater(
                    ErrorCode.OVERLOADED,
                    Duration.ofSeconds(2),
                    "The adapter registry is being stopped or updated. Try again shortly.");
        }
        return present;
    }
}
