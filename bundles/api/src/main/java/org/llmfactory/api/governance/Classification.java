package org.llmfactory.api.governance;

import java.util.Objects;

/**
 * What a classifier makes of a text.
 *
 * @param label the sort of text it most likely is, a name of the classifier's own
 * @param score how sure it is, from 0 to 1
 */
public record Classification(String label, double score) {
    public Classification {
        Objects.requireNonNull(label, "label");
        if (!(score >= 0 && score <= 1)) {
            throw new IllegalArgumentException("a score is from 0 to 1");
        }
    }
}
