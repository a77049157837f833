package org.llmfactory.policies.content;

import java.util.function.Predicate;
import org.llmfactory.api.governance.OutputScreen;

/**
 * Asks a classifier about an answer, passage by passage, and gives a passage out when it has been asked about. What the
 * passages are does not depend on how the answer was cut.
 */
final class ClassifierScreen implements OutputScreen {
    private final int length;
    private final Predicate<String> stops;
    private final StringBuilder pending = new StringBuilder();
    private String before = "";
    private boolean blocked;

    /**
     * Screens by a classifier.
     *
     * @param length characters of a passage
     * @param stops whether the answer must end before this passage, which begins with the one before it
     */
    ClassifierScreen(int length, Predicate<String> stops) {
        this.length = length;
        this.stops = stops;
    }

    @Override
    public String accept(String text) {
        pending.append(text);
        StringBuilder out = new StringBuilder();
        // One more than a passage is waited for, so that a passage can end behind a pair of surrogates.
        while (!blocked && pending.length() > length) {
            boolean parted = Character.isHighSurrogate(pending.charAt(length - 1));
            pass(parted ? length + 1 : length, out);
        }
        return out.toString();
    }

    @Override
    public String finish() {
        StringBuilder out = new StringBuilder();
        if (!blocked && pending.length() > 0) {
            pass(pending.length(), out);
        }
        return out.toString();
    }

    @Override
    public boolean isBlocked() {
        return blocked;
    }

    private void pass(int characters, StringBuilder out) {
        String passage = pending.substring(0, characters);
        pending.delete(0, characters);
        if (stops.test(before + passage)) {
            blocked = true;
            pending.setLength(0);
            return;
        }
        before = passage;
        out.append(passage);
    }
}
