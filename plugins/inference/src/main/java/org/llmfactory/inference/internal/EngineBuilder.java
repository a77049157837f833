package org.llmfactory.inference.internal;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.adapter.AdapterRegistry;
import org.llmfactory.api.model.LocalModel;
import org.llmfactory.inference.engine.Engine;
import org.llmfactory.inference.engine.EngineObserver;
import org.llmfactory.inference.runner.ModelRunner;
import org.llmfactory.inference.runner.RunnerFactory;
import org.llmfactory.torch.Torch;

/** Makes the engine of a model. Safe for use by several threads. */
final class EngineBuilder {
    private final Torch torch;
    private final RunnerFactory runners;
    private final Settings settings;
    private final Supplier<@Nullable AdapterRegistry> registry;

    EngineBuilder(Torch torch, RunnerFactory runners, Settings settings, Supplier<@Nullable AdapterRegistry> registry) {
        this.torch = torch;
        this.runners = runners;
        this.settings = settings;
        this.registry = registry;
    }

    /** Whether this model is to be served here. */
    boolean serves(LocalModel model) {
        return runners.supports(model.info()) && settings.serves(model.info().id());
    }

    /**
     * Reads the weights; takes long.
     *
     * @throws org.llmfactory.api.error.FactoryException with the reason, when the model cannot be served
     */
    Engine build(LocalModel model, EngineObserver observer) {
        ModelRunner runner = runners.open(torch, model, settings.options());
        try {
            return engine(model, runner, observer);
        } catch (RuntimeException e) {
            runner.close();
            throw e;
        }
    }

    private Engine engine(LocalModel model, ModelRunner runner, EngineObserver observer) {
        return new Engine(
                model.info(),
                torch.device(),
                runner,
                new RegistryAdapterSource(registry, model.info(), runner),
                settings.limits(),
                observer,
                System::nanoTime);
    }
}
