package org.llmfactory.api.governance;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Says what sort of text something is, for content policies that words and patterns cannot express. OSGi service with the
 * property {@link #NAME}; safe for use by several threads. Called while a request waits, so it is quick or has a deadline
 * of its own.
 */
@ConsumerType
public interface ContentClassifier {
    /** Service property: the name by which policies call it, for example {@code toxicity}. */
    String NAME = "classifier.name";

    /**
     * Classifies a text, which may begin and end in the middle of a sentence.
     *
     * @throws RuntimeException when it cannot tell; the policy then does what it does without the classifier
     */
    Classification classify(String text);
}
