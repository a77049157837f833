package org.llmfactory.evaluation.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProportionTest {
    /** The bounds are those of statsmodels' {@code proportion_confint(…, method="wilson")}. */
    @ParameterizedTest
    @CsvSource({
        "0, 10, 0.000000000000, 0.277532799863",
        "10, 10, 0.722467200137, 1.000000000000",
        "3, 10, 0.107791267406, 0.603221852539",
        "55, 100, 0.452446029974, 0.643854620205",
        "700, 1273, 0.522443315814, 0.577020873042"
    })
    void intervalIsWilsons(int successes, int trials, double low, double high) {
        Proportion proportion = new Proportion(successes, trials);

        assertThat(proportion.low()).isCloseTo(low, within(1e-9));
        assertThat(proportion.high()).isCloseTo(high, within(1e-9));
        assertThat(proportion.value()).isBetween(proportion.low(), proportion.high());
    }

    @Test
    void moreSuccessesThanTrialsCannotBe() {
        assertThatThrownBy(() -> new Proportion(2, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Proportion(0, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
