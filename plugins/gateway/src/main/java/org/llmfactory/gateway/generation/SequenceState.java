package org.llmfactory.gateway.generation;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.governance.OutputScreen;
import org.llmfactory.api.inference.FinishReason;
import org.llmfactory.api.inference.GeneratedToken;
import org.llmfactory.api.inference.GenerationUsage;

/** One sequence on the side of the request: its text so far, how it ended, and what the engine told of its cost. */
final class SequenceState {
    private final QueueingSink sink;
    private final TextAssembler assembler;
    private final Screener screener;
    private final Set<Integer> stopTokens;
    private final int promptLength;
    private List<GeneratedToken> promptTokens = List.of();
    private @Nullable GeneratedToken stopToken;
    private @Nullable GenerationUsage usage;
    private int received;
    private boolean begun;
    private boolean ended;
    private boolean reported;

    SequenceState(GenerationPlan plan, int sequence, QueueingSink sink, OutputScreen screen) {
        this.sink = sink;
        this.assembler = new TextAssembler(
                plan.model().codec().streamingDecoder(true), plan.options().stop());
        this.screener = new Screener(screen);
        this.stopTokens = plan.stopTokens();
        this.promptLength = plan.prompts().get(sequence / plan.candidates()).length;
        this.reported = true;
    }

    /** The sink for the engine, which from now on owes a report. */
    QueueingSink submit() {
        reported = false;
        return sink;
    }

    /** The engine did not take it. */
    void refused() {
        reported = true;
    }

    /** Ends it at the engine's next step. */
    void cancel() {
        sink.cancel();
    }

    /** As {@link #cancel}; from now on its events are counted only. */
    void abandon() {
        ended = true;
        sink.cancel();
    }

    boolean isEnded() {
        return ended;
    }

    /** Whether the engine owes no report: it has told the end, or was never asked. */
    boolean isReported() {
        return reported;
    }

    List<GeneratedToken> promptTokens() {
        return promptTokens;
    }

    int promptLength() {
        return promptLength;
    }

    /** What the engine said that it cost, once it has. */
    Optional<GenerationUsage> usage() {
        return Optional.ofNullable(usage);
    }

    /** Tokens that came from the engine, those behind the end of the text included. */
    int received() {
        return received;
    }

    /** Whether the engine has worked on it. */
    boolean isBegun() {
        return begun;
    }

    /** Takes an event; empty when it gave no text that may go out. */
    Optional<Delta> take(SequenceEvent event) {
        if (event instanceof SequenceEvent.Token token) {
            begun = true;
            received++;
            return ended ? Optional.empty() : take(token.sequence(), token.token());
        }
        if (event instanceof SequenceEvent.Finished finished) {
            reported = true;
            usage = finished.usage();
            return ended ? Optional.empty() : Optional.of(end(finished));
        }
        if (event instanceof SequenceEvent.Prompt prompt) {
            begun = true;
            promptTokens = prompt.tokens();
        } else {
            reported = true;
        }
        return Optional.empty();
    }

    private Optional<Delta> take(int sequence, GeneratedToken token) {
        if (stopTokens.contains(token.id())) {
            stopToken = token;
            return Optional.empty();
        }
        TextAssembler.Piece piece = assembler.append(token);
        if (assembler.stopped()) {
            return Optional.of(end(sequence, screener.finish(piece), Ending.Reason.STOP_TEXT));
        }
        TextAssembler.Piece released = screener.accept(piece);
        if (screener.isBlocked()) {
            return Optional.of(end(sequence, released, Ending.Reason.CONTENT_FILTER));
        }
        return released.isEmpty()
                ? Optional.empty()
                : Optional.of(new Delta(
                        sequence, released.text(), released.tokens(), screener.isRedacted(), Optional.empty()));
    }

    private Delta end(SequenceEvent.Finished finished) {
        TextAssembler.Piece rest = assembler.finish();
        Ending.Reason reason;
        if (assembler.stopped()) {
            reason = Ending.Reason.STOP_TEXT;
        } else {
            reason = finished.reason() == FinishReason.STOP ? Ending.Reason.STOP_TOKEN : Ending.Reason.LENGTH;
        }
        return end(finished.sequence(), screener.finish(rest), reason);
    }

    /** Whatever the reason, a policy that blocks the last of the text has the last word. */
    private Delta end(int sequence, TextAssembler.Piece piece, Ending.Reason reason) {
        ended = true;
        sink.cancel();
        Ending ending = screener.isBlocked()
                ? new Ending(Ending.Reason.CONTENT_FILTER, Optional.empty(), received)
                : new Ending(reason, Optional.ofNullable(stopToken), received);
        return new Delta(sequence, piece.text(), piece.tokens(), screener.isRedacted(), Optional.of(ending));
    }
}
