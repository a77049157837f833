package org.llmfactory.gateway.generation;

import java.util.List;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.inference.FinishReason;
import org.llmfactory.api.inference.GeneratedToken;
import org.llmfactory.api.inference.GenerationUsage;

/** Something the engine told about one sequence. */
sealed interface SequenceEvent {
    int sequence();

    record Token(int sequence, GeneratedToken token) implements SequenceEvent {}

    record Prompt(int sequence, List<GeneratedToken> tokens) implements SequenceEvent {
        public Prompt {
            tokens = List.copyOf(tokens);
        }
    }

    record Finished(int sequence, FinishReason reason, GenerationUsage usage) implements SequenceEvent {}

    record Failed(int sequence, FactoryException failure) implements SequenceEvent {}
}
