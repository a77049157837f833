package org.llmfactory.api.project;

import java.util.Objects;

/**
 * Tokens, input and output together, that may be spent in a period.
 *
 * @param tokens at least 0
 * @param period begins anew at midnight UTC of its first day
 */
public record Budget(long tokens, Period period) {
    /** Periods of budgets. */
    public enum Period {
        DAY,
        MONTH
    }

    public Budget {
        Objects.requireNonNull(period, "period");
        if (tokens < 0) {
            throw new IllegalArgumentException("a budget is not negative");
        }
    }
}
