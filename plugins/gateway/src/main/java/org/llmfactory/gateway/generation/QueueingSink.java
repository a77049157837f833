package org.llmfactory.gateway.generation;

import java.util.List;
import java.util.Queue;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.inference.FinishReason;
import org.llmfactory.api.inference.GeneratedToken;
import org.llmfactory.api.inference.GenerationUsage;
import org.llmfactory.api.inference.TokenSink;

/**
 * Hands one sequence's events over to the thread that answers the request. The queue holds as many as the sequences may
 * give; should there be no room all the same, the sequence is given up rather than the engine kept waiting.
 */
final class QueueingSink implements TokenSink {
    private final int sequence;
    private final Queue<SequenceEvent> events;
    private volatile boolean cancelled;

    QueueingSink(int sequence, Queue<SequenceEvent> events) {
        this.sequence = sequence;
        this.events = events;
    }

    void cancel() {
        cancelled = true;
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }

    @Override
    public void onPrompt(List<GeneratedToken> prompt) {
        tell(new SequenceEvent.Prompt(sequence, prompt));
    }

    @Override
    public void onToken(GeneratedToken token) {
        tell(new SequenceEvent.Token(sequence, token));
    }

    @Override
    public void onFinish(FinishReason reason, GenerationUsage usage) {
        tell(new SequenceEvent.Finished(sequence, reason, usage));
    }

    @Override
    public void onError(FactoryException failure) {
        tell(new SequenceEvent.Failed(sequence, failure));
    }

    private void tell(SequenceEvent event) {
        if (!events.offer(event)) {
            cancelled = true;
        }
    }
}
