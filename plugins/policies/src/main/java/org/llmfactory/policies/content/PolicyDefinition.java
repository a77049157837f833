package org.llmfactory.policies.content;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a version of a policy says.
 *
 * @param rules in the order in which they are written
 * @param window characters of an answer that are held back, so that what is parted by the stream is found
 * @param classifier asked beside the rules
 */
record PolicyDefinition(List<Rule> rules, int window, Optional<ClassifierRule> classifier) {
    PolicyDefinition {
        rules = List.copyOf(rules);
        Objects.requireNonNull(classifier, "classifier");
    }
}
