package org.llmfactory.policies.content;

import java.util.Objects;
import org.llmfactory.api.governance.Classification;

/**
 * What a policy does by the word of a classifier.
 *
 * @param name of the classifier
 * @param label the sort of text it is about
 * @param threshold the score from which on it counts, 0 to 1
 * @param on the texts it is asked about
 * @param action {@link RuleAction#BLOCK} or {@link RuleAction#FLAG}
 * @param blocksWhenMissing whether everything is stopped while the classifier is not there or fails
 */
record ClassifierRule(
        String name, String label, double threshold, Direction on, RuleAction action, boolean blocksWhenMissing) {
    ClassifierRule {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(label, "label");
        Objects.requireNonNull(on, "on");
        Objects.requireNonNull(action, "action");
    }

    boolean applies(Classification classification) {
        return classification.label().equals(label) && classification.score() >= threshold;
    }

    /** What the audit log calls it. */
    String ruleName() {
        return "classifier:" + name + ":" + label;
    }
}
