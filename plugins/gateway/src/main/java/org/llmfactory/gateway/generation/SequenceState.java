package org.llmfactory.gateway.generation;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.inference.FinishReason;
import org.llmfactory.api.inference.GeneratedToken;
import org.llmfactory.api.inference.GenerationUsage;

/** One sequence on the side of the request: its text so far and how it ended. */
final class SequenceState {
    private final QueueingSink sink;
    private final TextAssembler assembler;
    private final Set<Integer> stopTokens;
    private final int promptLength;
    private List<GeneratedToken> promptTokens = List.of();
    private @Nullable GeneratedToken stopToken;
    private @Nullable GenerationUsage usage;
    private int taken;
    private boolean ended;
    private boolean reported;

    SequenceState(GenerationPlan plan, int sequence, QueueingSink sink) {
        this.sink = sink;
        this.assembler = new TextAssembler(
                plan.model().codec().streamingDecoder(true), plan.options().stop());
        this.stopTokens = plan.stopTokens();
        this.promptLength = plan.prompts().get(sequence / plan.candidates()).length;
    }

    QueueingSink sink() {
        return sink;
    }

    boolean isEnded() {
        return ended;
    }

    /** Whether the engine has told the end too. */
    boolean isReported() {
        return reported;
    }

    List<GeneratedToken> promptTokens() {
        return promptTokens;
    }

    /** Takes an event; empty when it gave no text that is certain. */
    Optional<Delta> take(SequenceEvent event) {
        if (event instanceof SequenceEvent.Token token) {
            return ended ? Optional.empty() : take(token.sequence(), token.token());
        }
        if (event instanceof SequenceEvent.Finished finished) {
            reported = true;
            usage = finished.usage();
            return ended ? Optional.empty() : Optional.of(end(finished));
        }
        if (event instanceof SequenceEvent.Prompt prompt) {
            promptTokens = prompt.tokens();
        } else {
            reported = true;
        }
        return Optional.empty();
    }

    private Optional<Delta> take(int sequence, GeneratedToken token) {
        taken++;
        if (stopTokens.contains(token.id())) {
            stopToken = token;
            return Optional.empty();
        }
        TextAssembler.Piece piece = assembler.append(token);
        if (assembler.stopped()) {
            ended = true;
            sink.cancel();
            return Optional.of(delta(sequence, piece, Ending.Reason.STOP_TEXT));
        }
        return piece.isEmpty()
                ? Optional.empty()
                : Optional.of(new Delta(sequence, piece.text(), piece.tokens(), Optional.empty()));
    }

    private Delta end(SequenceEvent.Finished finished) {
        ended = true;
        TextAssembler.Piece rest = assembler.finish();
        Ending.Reason reason;
        if (assembler.stopped()) {
            reason = Ending.Reason.STOP_TEXT;
        } else {
            reason = finished.reason() == FinishReason.STOP ? Ending.Reason.STOP_TOKEN : Ending.Reason.LENGTH;
        }
        return delta(finished.sequence(), rest, reason);
    }

    private Delta delta(int sequence, TextAssembler.Piece piece, Ending.Reason reason) {
        Ending ending = new Ending(reason, Optional.ofNullable(stopToken), taken);
        return new Delta(sequence, piece.text(), piece.tokens(), Optional.of(ending));
    }

    /** The sum over the sequences of a request, {@code candidates} of which share each prompt. */
    static TokenUsage total(List<SequenceState> sequences, int candidates) {
        int prompt = 0;
        int cached = 0;
        int completion = 0;
        Duration queued = Duration.ZERO;
        Duration first = Duration.ZERO;
        for (int i = 0; i < sequences.size(); i++) {
            SequenceState sequence = sequences.get(i);
            GenerationUsage usage = sequence.usage;
            completion += sequence.taken;
            if (i % candidates == 0) {
                prompt += usage == null ? sequence.promptLength : usage.promptTokens();
                cached += usage == null ? 0 : usage.cachedTokens();
            }
            if (usage != null) {
                queued = usage.queueTime().compareTo(queued) > 0 ? usage.queueTime() : queued;
                boolean earlier = first.isZero() || usage.timeToFirstToken().compareTo(first) < 0;
                first = earlier && !usage.timeToFirstToken().isZero() ? usage.timeToFirstToken() : first;
            }
        }
        return new TokenUsage(prompt, cached, completion, queued, first);
    }
}
