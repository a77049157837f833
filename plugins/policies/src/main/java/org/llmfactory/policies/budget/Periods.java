package org.llmfactory.policies.budget;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.llmfactory.api.project.Budget;

/** The periods of budgets, in UTC. */
final class Periods {
    private Periods() {}

    /** When the period began that a time lies in. */
    static Instant start(Budget.Period period, Instant time) {
        LocalDate first = firstDay(period, time);
        return first.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    /** When the next period begins. */
    static Instant end(Budget.Period period, Instant time) {
        LocalDate first = firstDay(period, time);
        LocalDate next = switch (period) {
            case DAY -> first.plusDays(1);
            case MONTH -> first.plusMonths(1);
        };
        return next.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private static LocalDate firstDay(Budget.Period period, Instant time) {
        LocalDate day = LocalDate.ofInstant(time, ZoneOffset.UTC);
        return switch (period) {
            case DAY -> day;
            case MONTH -> day.withDayOfMonth(1);
        };
    }
}
