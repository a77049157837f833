package org.llmfactory.gateway.openai;

import java.io.IOException;
import java.util.BitSet;
import java.util.Optional;
import org.llmfactory.gateway.generation.Delta;
import org.llmfactory.gateway.generation.EventStream;
import org.llmfactory.gateway.generation.Generation;
import org.llmfactory.gateway.generation.TokenUsage;
import org.llmfactory.rest.ServerSentEvents;

/** Writes a completion event by event. An echoed prompt comes with the first text, when its log probabilities are known. */
final class CompletionWriter implements EventStream.Writer {
    private final CompletionMapper mapper;
    private final ResponseFacts facts;
    private final Generation generation;
    private final BitSet opened = new BitSet();

    CompletionWriter(CompletionMapper mapper, ResponseFacts facts, Generation generation) {
        this.mapper = mapper;
        this.facts = facts;
        this.generation = generation;
    }

    @Override
    public void begin(ServerSentEvents events) {}

    @Override
    public void write(Delta delta, ServerSentEvents events) throws IOException {
        if (!opened.get(delta.sequence())) {
            opened.set(delta.sequence());
            Optional<TextCompletion.Choice> opening =
                    mapper.opening(delta.sequence(), generation.promptTokens(delta.sequence()));
            if (opening.isPresent()) {
                events.data(TextCompletion.event(facts, opening.get()));
            }
        }
        events.data(TextCompletion.event(facts, mapper.choice(delta)));
    }

    @Override
    public void end(TokenUsage usage, ServerSentEvents events) throws IOException {
        if (facts.includeUsage()) {
            events.data(TextCompletion.usage(facts, usage));
        }
        events.done();
    }
}
