package org.llmfactory.policies.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.project.Budget.Period;

final class PeriodsTest {
    private static final Instant TIME = Instant.parse("2026-02-28T23:59:59Z");

    @Test
    void aDayGoesFromMidnightToMidnight() {
        assertThat(Periods.start(Period.DAY, TIME)).isEqualTo(Instant.parse("2026-02-28T00:00:00Z"));
        assertThat(Periods.end(Period.DAY, TIME)).isEqualTo(Instant.parse("2026-03-01T00:00:00Z"));
    }

    @Test
    void aMonthGoesFromItsFirstDayToTheNextOnes() {
        assertThat(Periods.start(Period.MONTH, TIME)).isEqualTo(Instant.parse("2026-02-01T00:00:00Z"));
        assertThat(Periods.end(Period.MONTH, TIME)).isEqualTo(Instant.parse("2026-03-01T00:00:00Z"));
    }
}
