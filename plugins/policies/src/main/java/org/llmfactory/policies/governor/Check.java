package org.llmfactory.policies.governor;

import java.util.Locale;

/** The checks whose time is told apart. */
enum Check {
    /** Content policies, on input and output. */
    POLICY,
    /** Rates, concurrency and budgets. */
    LIMIT,
    /** The entry in the ledger. */
    AUDIT;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
