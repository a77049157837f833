package org.llmfactory.gateway.lorax;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.llmfactory.gateway.generation.Delta;
import org.llmfactory.gateway.generation.Ending;
import org.llmfactory.gateway.generation.EventStream;
import org.llmfactory.gateway.generation.TextToken;
import org.llmfactory.gateway.generation.TokenUsage;
import org.llmfactory.gateway.lorax.LoraxResponse.Event;
import org.llmfactory.gateway.lorax.LoraxResponse.EventDetails;
import org.llmfactory.gateway.lorax.LoraxResponse.Token;
import org.llmfactory.rest.ServerSentEvents;

/** Writes an event for each token. The last token's event also has the whole text, so a token that may be the last waits. */
final class LoraxWriter implements EventStream.Writer {
    private final LoraxMapper mapper;
    private final boolean details;
    private final int promptTokens;
    private final int maxTokens;
    private final StringBuilder text = new StringBuilder();
    private @Nullable Token waiting;
    private int count;
    private int told;

    LoraxWriter(LoraxMapper mapper, boolean details, int promptTokens, int maxTokens) {
        this.mapper = mapper;
        this.details = details;
        this.promptTokens = promptTokens;
        this.maxTokens = maxTokens;
    }

    @Override
    public void begin(ServerSentEvents events) {}

    @Override
    public void write(Delta delta, ServerSentEvents events) throws IOException {
        text.append(delta.text());
        List<Token> tokens = new ArrayList<>();
        if (waiting != null) {
            tokens.add(waiting);
            waiting = null;
        }
        for (TextToken token : delta.tokens()) {
            tokens.add(mapper.token(token));
            told += token.text().length();
            count++;
        }
        if (delta.redacted() && told < text.length()) {
            tokens.add(LoraxMapper.redacted(text.substring(told)));
            told = text.length();
        }
        if (delta.ending().isPresent()) {
            writeLast(tokens, delta.ending().get(), events);
            return;
        }
        if (count >= maxTokens && !tokens.isEmpty()) {
            waiting = tokens.remove(tokens.size() - 1);
        }
        for (Token token : tokens) {
            events.data(new Event(token, null, null));
        }
    }

    private void writeLast(List<Token> tokens, Ending ending, ServerSentEvents events) throws IOException {
        ending.stopToken().ifPresent(token -> tokens.add(mapper.stopToken(token)));
        // Without any token there is still an end to tell.
        Token last = tokens.isEmpty() ? new Token(0, "", null, true, null) : tokens.remove(tokens.size() - 1);
        for (Token token : tokens) {
            events.data(new Event(token, null, null));
        }
        EventDetails told = details ? mapper.eventDetails(ending, promptTokens) : null;
        events.data(new Event(last, mapper.full(text.toString()), told));
    }

    @Override
    public void end(TokenUsage usage, ServerSentEvents events) {}
}
