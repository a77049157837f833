package org.llmfactory.inference.engine;

import java.util.Optional;
import org.llmfactory.api.inference.FinishReason;
import org.llmfactory.api.inference.StopConditions;

/** Whether a sequence has come to its end. */
final class StopChecker {
    private StopChecker() {}

    /** After the prompt was computed, or after a token was appended. */
    static Optional<FinishReason> check(Sequence sequence) {
        StopConditions stop = sequence.stop();
        if (sequence.completionLength() > 0 && !stop.ignoreStopTokens()) {
            int newest = sequence.tokens()[sequence.length() - 1];
            if (stop.stopTokens().contains(newest)) {
                return Optional.of(FinishReason.STOP);
            }
        }
        if (sequence.completionLength() >= sequence.maxTokens()) {
            return Optional.of(FinishReason.LENGTH);
        }
        return Optional.empty();
    }
}
