package org.llmfactory.gateway.generation;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.llmfactory.api.inference.GenerationUsage;
import org.llmfactory.api.ledger.Usage;

/**
 * What a request cost, over all its sequences.
 *
 * @param promptTokens each prompt counted once, however many answers it has
 * @param cachedTokens of these, found in the prefix cache
 * @param completionTokens all tokens that the engine generated, also for candidates that were not chosen
 * @param queueTime longest wait for a place in the batch
 * @param timeToFirstToken shortest
 */
public record TokenUsage(
        int promptTokens, int cachedTokens, int completionTokens, Duration queueTime, Duration timeToFirstToken) {
    public int totalTokens() {
        return promptTokens + completionTokens;
    }

    /** As the ledger counts it. */
    Usage entry() {
        return Usage.ofTokens(promptTokens, cachedTokens, completionTokens);
    }

    /**
     * The sum over the sequences of a request, {@code candidates} of which share each prompt: the engine's own counts, and
     * where it has not told them what was received.
     */
    static TokenUsage of(List<SequenceState> sequences, int candidates) {
        int prompt = 0;
        int cached = 0;
        int completion = 0;
        Duration queued = Duration.ZERO;
        Duration first = Duration.ZERO;
        for (int start = 0; start < sequences.size(); start += candidates) {
            List<SequenceState> sharing = sequences.subList(start, start + candidates);
            prompt += sharing.stream().mapToInt(TokenUsage::promptTokens).max().orElse(0);
            cached += sharing.get(0).usage().map(GenerationUsage::cachedTokens).orElse(0);
        }
        for (SequenceState sequence : sequences) {
            Optional<GenerationUsage> usage = sequence.usage();
            completion += usage.map(GenerationUsage::completionTokens).orElse(sequence.received());
            if (usage.isPresent()) {
                Duration waited = usage.get().queueTime();
                Duration toFirst = usage.get().timeToFirstToken();
                queued = waited.compareTo(queued) > 0 ? waited : queued;
                boolean earlier = first.isZero() || toFirst.compareTo(first) < 0;
                first = earlier && !toFirst.isZero() ? toFirst : first;
            }
        }
        return new TokenUsage(prompt, cached, completion, queued, first);
    }

    private static int promptTokens(SequenceState sequence) {
        return sequence.usage()
                .map(GenerationUsage::promptTokens)
                .orElse(sequence.isBegun() ? sequence.promptLength() : 0);
    }
}
