package org.llmfactory.inference.remote.controller;

import java.time.Duration;
import org.llmfactory.api.inference.GenerationUsage;
import org.llmfactory.api.inference.TokenSink;
import org.llmfactory.inference.remote.wire.Event;

/**
 * What a sink is told of one generation: tokens one at a time, none once nobody wants them, nothing once it has ended. Safe
 * for use by several threads.
 */
final class Answer {
    private final TokenSink sink;
    private final int promptLength;
    private final long begun = System.nanoTime();
    private boolean ended;
    private boolean unwanted;
    private long firstToken;
    private int received;

    Answer(TokenSink sink, int promptLength) {
        this.sink = sink;
        this.promptLength = promptLength;
    }

    /** How long ago it was asked for. */
    Duration age() {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    /** Tells what is no end, under the lock, so that it comes before any end. */
    synchronized void tell(Event event) {
        if (ended || unwanted) {
            return;
        }
        if (event instanceof Event.Token token) {
            received++;
            firstToken = firstToken == 0 ? System.nanoTime() : firstToken;
            sink.onToken(token.token());
        } else if (event instanceof Event.Prompt prompt) {
            sink.onPrompt(prompt.tokens());
        }
    }

    /** Nobody wants more of it; true for the first who says so. */
    synchronized boolean refuse() {
        boolean first = !unwanted;
        unwanted = true;
        return first;
    }

    synchronized boolean isUnwanted() {
        return unwanted;
    }

    /** It has ended; true for the first who says so, who is to tell the sink. */
    synchronized boolean end() {
        boolean first = !ended;
        ended = true;
        return first;
    }

    synchronized boolean isEnded() {
        return ended;
    }

    /** Tokens told so far. */
    synchronized int received() {
        return received;
    }

    /** The node's counts, and times from this side, where the way there counts too. */
    synchronized GenerationUsage usage(GenerationUsage counted) {
        Duration first = firstToken == 0 ? Duration.ZERO : Duration.ofNanos(firstToken - begun);
        return new GenerationUsage(
                counted.promptTokens(),
                counted.cachedTokens(),
                counted.completionTokens(),
                counted.queueTime(),
                counted.adapterLoadTime(),
                first,
                age());
    }

    /** What it has cost as far as is known here. */
    synchronized GenerationUsage usage() {
        return usage(new GenerationUsage(
                received > 0 ? promptLength : 0,
                0,
                received,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO));
    }
}
