package org.llmfactory.ledger.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BucketsTest {
    @ParameterizedTest(name = "{0} to {1} by {2}, at most {3}")
    @CsvSource({
        // from, until, width, limit, buckets, next
        "0, 0, MINUTE, 10, '', -1",
        "5, 5, DAY, 10, '', -1",
        "6, 5, DAY, 10, '', -1",
        "0, 3, MINUTE, 10, '0:0-1 1:1-2 2:2-3', -1",
        "0, 3, MINUTE, 2, '0:0-1 1:1-2', 2",
        "2, 3, MINUTE, 2, '2:2-3', -1",
        "0, 120, HOUR, 10, '0:0-60 1:60-120', -1",
        "30, 90, HOUR, 10, '0:30-60 1:60-90', -1",
        "30, 90, HOUR, 1, '0:30-60', 60",
        "60, 61, HOUR, 1, '1:60-61', -1",
        "0, 2880, DAY, 7, '0:0-1440 1:1440-2880', -1",
        "1439, 1441, DAY, 7, '0:1439-1440 1:1440-1441', -1",
        "1440, 4320, DAY, 1, '1:1440-2880', 2880"
    })
    void rangeIsCutAtWholeUnitsOfUtc(long from, long until, Width width, int limit, String buckets, long next) {
        Buckets page = Buckets.page(from, until, width, limit);

        assertThat(page.buckets().stream()
                        .map(bucket -> bucket.index() + ":" + bucket.from() + "-" + bucket.until())
                        .collect(Collectors.joining(" ")))
                .isEqualTo(buckets);
        assertThat(page.next().orElse(-1)).isEqualTo(next);
    }

    @ParameterizedTest
    @CsvSource({"MINUTE, 1m, 60, 1440", "HOUR, 1h, 24, 168", "DAY, 1d, 7, 31"})
    void limitsOfPagesAreThoseOfOpenAi(Width width, String code, int byDefault, int maximum) {
        assertThat(Width.of(code)).contains(width);
        assertThat(width.defaultLimit()).isEqualTo(byDefault);
        assertThat(width.maximumLimit()).isEqualTo(maximum);
    }
}
