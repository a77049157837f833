package org.llmfactory.inference.internal;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.inference.FinishReason;
import org.llmfactory.api.inference.GenerationUsage;
import org.llmfactory.inference.engine.EngineObserver;

/** Passes on to whoever watches at present: a meter registry may come and go while an engine runs. */
final class ObserverSwitch implements EngineObserver {
    private volatile EngineObserver target = NONE;

    void to(EngineObserver next) {
        target = next;
    }

    @Override
    public void onStep(int sequences, int tokens, Duration time, boolean failed) {
        target.onStep(sequences, tokens, time, failed);
    }

    @Override
    public void onFinish(FinishReason reason, GenerationUsage usage) {
        target.onFinish(reason, usage);
    }

    @Override
    public void onError(ErrorCode code) {
        target.onError(code);
    }

    @Override
    public void onPreemption() {
        target.onPreemption();
    }

    @Override
    public void onAdapterLoad(String digest, Duration time, @Nullable ErrorCode failure) {
        target.onAdapterLoad(digest, time, failure);
    }
}
