package org.llmfactory.gateway.generation;

import java.util.List;
import java.util.Set;

/**
 * When an answer ends before its limit.
 *
 * @param strings texts that end it
 * @param tokens ids that end it, besides the model's own
 * @param ignoreEndOfText whether the model's own end tokens are ignored
 * @param keepStopText whether the stop text is part of the answer
 */
public record StopRules(List<String> strings, Set<Integer> tokens, boolean ignoreEndOfText, boolean keepStopText) {
    /** The model's own end only. */
    public static final StopRules NONE = new StopRules(List.of(), Set.of(), false, false);

    public StopRules {
        strings = List.copyOf(strings);
        tokens = Set.copyOf(tokens);
    }
}
