package org.llmfactory.gateway.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.llmfactory.access.Action;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.model.ModelInfo;
import org.llmfactory.gateway.route.Engines;
import org.llmfactory.gateway.route.Routing;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Finds out what a request's {@code model} and {@code adapters} mean to its caller: a base model's id, a preset, an
 * adapter's id, name or digest, {@code base:adapter}, or nothing at all for the default base model. What he may not use is
 * looked for in the same way, and as long, as what does not exist.
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

    private final ModelDirectory directory;
    private final MixRules rules;
    private final String defaultModel;
    private final Duration patience;

    @Activate
    public ModelResolver(@Reference ModelDirectory directory, Config config) {
        this.directory = directory;
        this.rules = new MixRules(config.maxAdapters(), config.maxAdapterWeight());
        this.defaultModel = config.defaultModel();
        this.patience = Duration.ofSeconds(config.waitSeconds());
    }

    /**
     * Resolves a model name.
     *
     * @param model as the request has it
     * @throws FactoryException {@code MODEL_NOT_FOUND}, {@code ADAPTER_MISMATCH}, or {@code OVERLOADED} when the engine
     *     did not come in time
     */
    public ResolvedModel resolve(Caller caller, String model) throws InterruptedException {
        return connect(caller, model, find(caller, names -> names.find(model)));
    }

    /**
     * Resolves a model name whose adapters, if it stands for any, are replaced by a mix.
     *
     * @throws FactoryException as {@link #resolve(Caller, String)}, and {@code INVALID_VALUE} for a mix that is too large
     *     or names an adapter twice
     */
    public ResolvedModel resolve(Caller caller, String model, List<AdapterReference> mix) throws InterruptedException {
        return connect(caller, model, find(caller, names -> names.find(model, mix)));
    }

    /** Looks a second time, since the catalogue may have come back meanwhile, and waits where it is away for a moment. */
    private Target find(Caller caller, Function<TargetFinder, Target> question) throws InterruptedException {
        try {
            return question.apply(names(caller));
        } catch (FactoryException failure) {
            if (!mayPass(failure)) {
                throw failure;
            }
            return directory
                    .await(() -> attempt(caller, question), patienceLeft())
                    .orElseThrow(() -> failure);
        }
    }

    private Optional<Target> attempt(Caller caller, Function<TargetFinder, Target> question) {
        try {
            return Optional.of(question.apply(names(caller)));
        } catch (FactoryException failure) {
            if (mayPass(failure)) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    private TargetFinder names(Caller caller) {
        return new TargetFinder(new VisibleModels(directory, caller, Action.GENERATE), rules, defaultModel);
    }

    private static boolean mayPass(FactoryException failure) {
        return failure.code() == ErrorCode.MODEL_NOT_FOUND || failure.code() == ErrorCode.OVERLOADED;
    }

    private Duration patienceLeft() {
        Duration left = directory.sinceLastDeparture().map(patience::minus).orElse(Duration.ZERO);
        return directory.isIncomplete() && !left.isNegative() ? left : Duration.ZERO;
    }

    private ResolvedModel connect(Caller caller, String name, Target target) throws InterruptedException {
        ModelInfo base = target.model().info();
        Routing routing = directory
                .await(() -> directory.engines().find(base, caller.project()), patience)
                .orElseThrow(() -> Engines.unserved(base));
        return new ResolvedModel(
                name.isEmpty() ? base.id() : name,
                base,
                routing,
                target.model().text(),
                target.adapters(),
                target.preset());
    }
}
