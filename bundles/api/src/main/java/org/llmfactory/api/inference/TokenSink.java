package org.llmfactory.api.inference;

import java.util.List;
import org.llmfactory.api.error.FactoryException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Where a generation goes. Called from the engine's step thread, one call at a time: implementations hand over and
 * return, they never block.
 */
@ConsumerType
public interface TokenSink {
    /** One more token. A stop token is reported too, as the last one. */
    void onToken(GeneratedToken token);

    /**
     * The prompt's own log probabilities, before the first token; only when asked for. Element i belongs to prompt token
     * i; the first has the log probability NaN.
     */
    default void onPrompt(List<GeneratedToken> prompt) {}

    /** The generation ended well. */
    void onFinish(FinishReason reason, GenerationUsage usage);

    /** The generation failed; tokens told before stand. */
    void onError(FactoryException failure);

    /** Asked before every step; once true, the sequence ends with {@link FinishReason#CANCELLED}. */
    boolean isCancelled();
}
