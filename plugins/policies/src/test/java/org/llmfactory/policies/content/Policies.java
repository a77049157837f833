package org.llmfactory.policies.content;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.llmfactory.api.governance.OutputScreen;

/** Policies and screens for tests. */
final class Policies {
    private Policies() {}

    static StoredPolicy stored(String definition) {
        return new StoredPolicy("policy_1", Optional.empty(), "strict", 3, definition, Instant.EPOCH, "user-1");
    }

    static Inspection inspection(Classifiers classifiers, String definition) {
        return ActivePolicy.compile(stored(definition)).inspection(classifiers);
    }

    static Inspection inspection(String definition) {
        return inspection(new Classifiers(), definition);
    }

    /** Puts pieces through a screen until it is blocked. */
    static String feed(OutputScreen screen, List<String> pieces) {
        StringBuilder given = new StringBuilder();
        for (String piece : pieces) {
            if (screen.isBlocked()) {
                break;
            }
            given.append(screen.accept(piece));
        }
        return given.append(screen.finish()).toString();
    }
}
