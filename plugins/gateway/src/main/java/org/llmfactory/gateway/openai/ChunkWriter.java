package org.llmfactory.gateway.openai;

import java.io.IOException;
import java.util.List;
import org.llmfactory.gateway.generation.Delta;
import org.llmfactory.gateway.generation.EventStream;
import org.llmfactory.gateway.generation.GeneratedText;
import org.llmfactory.gateway.generation.TokenUsage;
import org.llmfactory.rest.ServerSentEvents;

/** Writes a chat completion chunk by chunk, and has the whole of it kept before the last one. */
final class ChunkWriter implements EventStream.Writer {
    private final ChatAnswer answer;
    private final ResponseFacts facts;
    private final boolean logprobs;

    ChunkWriter(ChatAnswer answer) {
        this.answer = answer;
        this.facts = answer.facts();
        this.logprobs = answer.request().logprobs();
    }

    @Override
    public void begin(ServerSentEvents events) throws IOException {
        for (int index = 0; index < answer.request().common().choices(); index++) {
            events.data(ChatChunk.opening(facts, index));
        }
    }

    @Override
    public void write(Delta delta, ServerSentEvents events) throws IOException {
        if (!delta.text().isEmpty() || (logprobs && !delta.tokens().isEmpty())) {
            events.data(ChatChunk.text(facts, delta.sequence(), delta.text(), delta.tokens(), logprobs));
        }
        if (delta.ending().isPresent()) {
            events.data(ChatChunk.ending(
                    facts, delta.sequence(), delta.ending().get().openAiName()));
        }
    }

    @Override
    public void settled(List<GeneratedText> texts, TokenUsage usage) {
        answer.completion(texts, usage);
    }

    @Override
    public void end(TokenUsage usage, ServerSentEvents events) throws IOException {
        if (facts.includeUsage()) {
            events.data(ChatChunk.usage(facts, usage));
        }
        events.done();
    }
}
