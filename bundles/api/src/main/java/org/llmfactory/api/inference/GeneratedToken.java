package org.llmfactory.api.inference;

import java.util.List;

/**
 * A token and how likely it was under the model's own distribution (temperature and penalties not applied).
 *
 * @param id the token
 * @param logprob natural logarithm of its probability; NaN when log probabilities were not asked for
 * @param top the likeliest alternatives, best first; empty unless asked for
 */
public record GeneratedToken(int id, float logprob, List<TokenLogprob> top) {
    public GeneratedToken {
        top = List.copyOf(top);
    }

    public static GeneratedToken of(int id) {
        return new GeneratedToken(id, Float.NaN, List.of());
    }
}
