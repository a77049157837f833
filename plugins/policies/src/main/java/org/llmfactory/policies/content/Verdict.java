package org.llmfactory.policies.content;

import java.util.Locale;

/** What a policy made of a request, mildest first. */
public enum Verdict {
    PASSED,
    FLAGGED,
    REDACTED,
    BLOCKED;

    /** As the audit log says it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
