package org.llmfactory.inference.engine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.inference.FinishReason;
import org.llmfactory.api.inference.GenerationUsage;

/** Is told what an engine does, for metrics. Called from the engine's threads: returns at once and throws nothing. */
public interface EngineObserver {
    /** Watches nothing. */
    EngineObserver NONE = new EngineObserver() {};

    /** A step was computed. */
    default void onStep(int sequences, int tokens, Duration time, boolean failed) {}

    /** A sequence ended well. */
    default void onFinish(FinishReason reason, GenerationUsage usage) {}

    /** A sequence failed, or was refused before it was queued. */
    default void onError(ErrorCode code) {}

    /** A sequence lost its memory to an older one and will be computed again. */
    default void onPreemption() {}

    /** An adapter was loaded, or not when there is a failure. */
    default void onAdapterLoad(String digest, Duration time, @Nullable ErrorCode failure) {}
}
