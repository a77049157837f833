package org.llmfactory.agent.join;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What an agent is in a network. */
public enum JoinKind {
    /** It works. */
    NODE,
    /** It decides, and has a region of its own. */
    CONTROLLER;

    /** As JSON has it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kind of that word. */
    public static Optional<JoinKind> of(String word) {
        return Stream.of(values()).filter(kind -> kind.word().equals(word)).findFirst();
    }
}
