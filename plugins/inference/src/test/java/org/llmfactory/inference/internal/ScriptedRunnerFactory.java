package org.llmfactory.inference.internal;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.model.LocalModel;
import org.llmfactory.api.model.ModelInfo;
import org.llmfactory.inference.engine.ScriptedModelRunner;
import org.llmfactory.inference.runner.ModelRunner;
import org.llmfactory.inference.runner.RunnerFactory;
import org.llmfactory.inference.runner.RunnerLimits;
import org.llmfactory.inference.runner.RunnerOptions;
import org.llmfactory.torch.Torch;

/** Opens scripted runners; opening can be held up or made to fail. */
final class ScriptedRunnerFactory implements RunnerFactory {
    private final List<ScriptedModelRunner> opened = new CopyOnWriteArrayList<>();
    private volatile @Nullable CountDownLatch gate;
    private volatile @Nullable RuntimeException failure;

    void hold() {
        gate = new CountDownLatch(1);
    }

    void letGo() {
        CountDownLatch held = gate;
        if (held != null) {
            held.countDown();
        }
    }

    void failWith(RuntimeException reason) {
        failure = reason;
    }

    List<ScriptedModelRunner> opened() {
        return List.copyOf(opened);
    }

    @Override
    public boolean supports(ModelInfo model) {
        return model.family().equals("llama");
    }

    @Override
    public ModelRunner open(Torch torch, LocalModel model, RunnerOptions options) {
        CountDownLatch held = gate;
        try {
            if (held != null && !held.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the test forgot the factory");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        RuntimeException reason = failure;
        if (reason != null) {
            throw reason;
        }
        ScriptedModelRunner runner =
                new ScriptedModelRunner(new RunnerLimits(model.info().vocabularySize(), 128, 4, 64));
        opened.add(runner);
        return runner;
    }
}
