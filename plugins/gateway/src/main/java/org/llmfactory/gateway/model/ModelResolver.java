package org.llmfactory.gateway.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.inference.InferenceEngine;
import org.llmfactory.api.model.LocalModel;
import org.llmfactory.api.model.ModelInfo;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Finds out what a request's {@code model} and {@code adapters} mean: a base model's id, an adapter's id or name, {@code
 * base:adapter}, or nothing at all for the default base model.
 */
@Component(service = ModelResolver.class, configurationPid = "org.llmfactory.gateway.models")
@Designate(ocd = ModelResolver.Config.class)
public final class ModelResolver {
    /** How models are found. */
    @ObjectClassDefinition(name = "LLM Factory: models of the gateway")
    public @interface Config {
        @AttributeDefinition(description = "Id of the base model that answers when none is named; empty for the oldest")
        String defaultModel() default "";

        @AttributeDefinition(description = "Adapters that one request may mix")
        int maxAdapters() default 32;

        @AttributeDefinition(description = "Largest weight of an adapter, either sign")
        float maxAdapterWeight() default 10;

        @AttributeDefinition(description = "Seconds to wait for an engine, model or registry that is being updated")
        int waitSeconds() default 30;
    }

    /** What was asked for, once found in the catalogue. */
    private record Target(LocalModel model, List<AppliedAdapter> adapters) {}

    private final ModelDirectory directory;
    private final AdapterFinder adapters;
    private final Config config;

    @Activate
    public ModelResolver(@Reference ModelDirectory directory, Config config) {
        this.directory = directory;
        this.adapters = new AdapterFinder(directory);
        this.config = config;
    }

    /**
     * Resolves a model name.
     *
     * @param model as the request has it
     * @throws FactoryException {@code MODEL_NOT_FOUND}, {@code ADAPTER_MISMATCH}, or {@code OVERLOADED} when the engine
     *     did not come in time
     */
    public ResolvedModel resolve(String model) throws InterruptedException {
        Target target = find(() -> targetOf(model));
        return connect(model, target);
    }

    /**
     * Resolves a model name whose adapters, if it stands for any, are replaced by a mix.
     *
     * @throws FactoryException as {@link #resolve(String)}, and {@code INVALID_VALUE} for a mix that is too large or
     *     names an adapter twice
     */
    public ResolvedModel resolve(String model, List<AdapterReference> mix) throws InterruptedException {
        check(mix);
        Target target = find(() -> {
            LocalModel base = model.isEmpty() && !mix.isEmpty()
                    ? baseOf(adapters.require(mix.get(0)))
                    : targetOf(model).model();
            return new Target(base, adapters.apply(mix, base.info()));
        });
        return connect(model, target);
    }

    private void check(List<AdapterReference> mix) {
        if (mix.size() > config.maxAdapters()) {
            throw FactoryException.ofParameter(
                    ErrorCode.INVALID_VALUE,
                    "adapters",
                    "Invalid 'adapters': at most " + config.maxAdapters() + " adapters can be mixed, but there are "
                            + mix.size() + ".");
        }
        for (AdapterReference adapter : mix) {
            if (!(Math.abs(adapter.weight()) <= config.maxAdapterWeight())) {
                throw FactoryException.ofParameter(
                        ErrorCode.INVALID_VALUE,
                        adapter.path(),
                        "Invalid weight of '" + adapter.reference() + "': expected a number from "
                                + -config.maxAdapterWeight() + " to " + config.maxAdapterWeight() + ".");
            }
        }
    }

    private interface Lookup {
        Target find();
    }

    /** Looks a second time, since the catalogue may have come back meanwhile, and waits where it is away for a moment. */
    private Target find(Lookup lookup) throws InterruptedException {
        try {
            return lookup.find();
        } catch (FactoryException unknown) {
            if (unknown.code() != ErrorCode.MODEL_NOT_FOUND) {
                throw unknown;
            }
            return directory.await(() -> attempt(lookup), patience()).orElseThrow(() -> unknown);
        }
    }

    private static Optional<Target> attempt(Lookup lookup) {
        try {
            return Optional.of(lookup.find());
        } catch (FactoryException unknown) {
            if (unknown.code() == ErrorCode.MODEL_NOT_FOUND) {
                return Optional.empty();
            }
            throw unknown;
        }
    }

    private Duration patience() {
        Duration limit = Duration.ofSeconds(config.waitSeconds());
        Duration left = directory.sinceLastDeparture().map(limit::minus).orElse(Duration.ZERO);
        boolean incomplete =
                directory.registry().isEmpty() || directory.models().isEmpty();
        return incomplete && !left.isNegative() ? left : Duration.ZERO;
    }

    private Target targetOf(String model) {
        if (model.isEmpty()) {
            return new Target(defaultModel(), List.of());
        }
        Optional<LocalModel> base = directory.model(model);
        if (base.isPresent()) {
            return new Target(base.get(), List.of());
        }
        AdapterInfo adapter = adapters.require(new AdapterReference(model, 1, "model"));
        LocalModel itsBase = baseOf(adapter);
        return new Target(itsBase, List.of(AdapterFinder.applied(adapter, 1, itsBase.info(), "model")));
    }

    private LocalModel baseOf(AdapterInfo adapter) {
        return directory
                .model(adapter.baseModel())
                .orElseThrow(() -> FactoryException.ofParameter(
                        ErrorCode.MODEL_NOT_FOUND,
                        "model",
                        "The adapter '" + adapter.name() + "' needs the base model '" + adapter.baseModel()
                                + "', which is not on this server."));
    }

    private LocalModel defaultModel() {
        List<LocalModel> models = directory.models();
        Optional<LocalModel> configured = directory.model(config.defaultModel());
        if (configured.isPresent()) {
            return configured.get();
        }
        if (models.isEmpty() || !config.defaultModel().isEmpty()) {
            throw FactoryException.ofParameter(
                    ErrorCode.MODEL_NOT_FOUND,
                    "model",
                    "There is no default model on this server yet; pull one with './factory model pull'.");
        }
        return models.get(0);
    }

    private ResolvedModel connect(String name, Target target) throws InterruptedException {
        ModelInfo base = target.model().info();
        InferenceEngine engine = directory
                .await(() -> directory.engine(base.id()), Duration.ofSeconds(config.waitSeconds()))
                .orElseThrow(() -> FactoryException.retryLater(
                        ErrorCode.OVERLOADED,
                        Duration.ofSeconds(5),
                        "No engine serves the model '" + base.id() + "' at present."));
        return new ResolvedModel(
                name.isEmpty() ? base.id() : name, base, engine, target.model().text(), target.adapters());
    }
}
