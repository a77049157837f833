package org.llmfactory.policies.content;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One thing that a policy looks for: a pattern or words.
 *
 * @param name unique in the policy
 * @param on the texts it looks at
 * @param pattern in RE2 syntax
 * @param words found in any case, as whole words
 * @param action what becomes of it
 * @param message for the caller whose request it stops
 */
record Rule(
        String name,
        Direction on,
        Optional<String> pattern,
        List<String> words,
        RuleAction action,
        Optional<String> message) {
    Rule {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(on, "on");
        Objects.requireNonNull(pattern, "pattern");
        words = List.copyOf(words);
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(message, "message");
    }
}
