package org.llmfactory.api.ledger;

import java.util.List;

/**
 * What was said. Kept beside the chain and bound to it by a digest, so that it can be deleted without breaking it.
 *
 * @param input the caller's texts
 * @param output the answers
 */
public record Transcript(List<String> input, List<String> output) {
    public Transcript {
        input = List.copyOf(input);
        output = List.copyOf(output);
    }

    /** Says nothing of what it holds. */
    @Override
    public String toString() {
        return "Transcript[" + input.size() + " texts in, " + output.size() + " out]";
    }
}
