package org.llmfactory.policies.limit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GoDurationTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0s",
        "1, 1ms",
        "11500000, 12ms",
        "999000000, 999ms",
        "1000000000, 1s",
        "8640000000, 8.64s",
        "60000000000, 1m0s",
        "360000000000, 6m0s",
        "3723001000000, 1h2m3.001s",
    })
    void durationsAreWrittenAsGoWritesThem(long nanos, String text) {
        assertThat(GoDuration.ofNanos(nanos)).isEqualTo(text);
    }
}
