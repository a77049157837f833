package org.llmfactory.policies.content;

/** What becomes of a text in which a rule finds something, mildest first. */
enum RuleAction {
    /** It is remarked in the audit log. */
    FLAG(Verdict.FLAGGED),
    /** What was found is replaced by the rule's name in brackets. */
    REDACT(Verdict.REDACTED),
    /** It ends there. */
    BLOCK(Verdict.BLOCKED);

    private final Verdict verdict;

    RuleAction(Verdict verdict) {
        this.verdict = verdict;
    }

    Verdict verdict() {
        return verdict;
    }
}
