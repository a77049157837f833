package org.llmfactory.evaluation.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PairedComparisonTest {
    /** The values are those of statsmodels' {@code mcnemar(…, exact=True)}. */
    @ParameterizedTest
    @CsvSource({
        "0, 0, 1",
        "1, 0, 1",
        "5, 5, 1",
        "12, 3, 0.03515625",
        "0, 10, 0.001953125",
        "150, 90, 0.000129876675408",
        "700, 400, 1.17358880556e-19"
    })
    void pIsThatOfMcNemarsExactTest(int onlyFirst, int onlySecond, double p) {
        assertThat(new PairedComparison(onlyFirst, onlySecond).pValue()).isCloseTo(p, within(1e-9 + 1e-9 * p));
    }
}
