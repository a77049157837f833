package org.llmfactory.gateway.generation;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What has become certain of one sequence since the last delta.
 *
 * @param sequence which one: prompt number times candidates plus candidate number
 * @param text more of its text, possibly empty
 * @param tokens the tokens that text came from
 * @param redacted whether a content policy has changed the text so far; from then on no tokens are told, which would give
 *     away what was said really
 * @param ending there when this is the sequence's last delta
 */
public record Delta(int sequence, String text, List<TextToken> tokens, boolean redacted, Optional<Ending> ending) {
    public Delta {
        Objects.requireNonNull(text, "text");
        tokens = List.copyOf(tokens);
    }
}
