package org.llmfactory.api.governance.testing;

import java.util.concurrent.atomic.AtomicInteger;
import org.llmfactory.api.governance.Classification;
import org.llmfactory.api.governance.ContentClassifier;

/** Calls a text by its label when it holds a word, and anything else {@code other}; fails when it is told to. */
public final class WordClassifier implements ContentClassifier {
    private final String label;
    private final String word;
    private final AtomicInteger asked = new AtomicInteger();
    private volatile boolean failing;

    public WordClassifier(String label, String word) {
        this.label = label;
        this.word = word;
    }

    /** From now on every question fails. */
    public void fail() {
        this.failing = true;
    }

    /** How often it was asked. */
    public int asked() {
        return asked.get();
    }

    @Override
    public Classification classify(String text) {
        asked.incrementAndGet();
        if (failing) {
            throw new IllegalStateException("the classifier was told to fail");
        }
        return text.contains(word) ? new Classification(label, 0.9) : new Classification("other", 0.8);
    }
}
