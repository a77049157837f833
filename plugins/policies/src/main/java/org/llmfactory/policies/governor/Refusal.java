package org.llmfactory.policies.governor;

import java.util.Locale;

/** Why a request was not let in, as the metrics tell. */
enum Refusal {
    PROJECT,
    CONCURRENCY,
    RATE,
    POLICY,
    BUDGET;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
