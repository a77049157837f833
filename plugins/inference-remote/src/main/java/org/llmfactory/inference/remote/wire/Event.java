package org.llmfactory.inference.remote.wire;

import java.util.List;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.inference.FinishReason;
import org.llmfactory.api.inference.GeneratedToken;
import org.llmfactory.api.inference.GenerationUsage;

/** Something that an engine said of a generation. */
public sealed interface Event {
    /** One more token. */
    record Token(GeneratedToken token) implements Event {}

    /** The prompt's own log probabilities. */
    record Prompt(List<GeneratedToken> tokens) implements Event {
        public Prompt {
            tokens = List.copyOf(tokens);
        }
    }

    /** The end of one that ended well. */
    record Finish(FinishReason reason, GenerationUsage usage) implements Event {}

    /** The end of one that did not. */
    record Failure(FactoryException failure) implements Event {}

    /** Whether nothing comes after it. */
    default boolean isEnd() {
        return this instanceof Finish || this instanceof Failure;
    }
}
