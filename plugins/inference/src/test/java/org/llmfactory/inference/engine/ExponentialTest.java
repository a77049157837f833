package org.llmfactory.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class ExponentialTest {
    @Test
    void tenDigitsAreRight() {
        Random random = new Random(1);
        double worst = 0;
        for (int i = 0; i < 100_000; i++) {
            double x = -random.nextDouble() * (i % 2 == 0 ? 1 : 400);
            worst = Math.max(worst, Math.abs(Exponential.of(x) / Math.exp(x) - 1));
        }

        assertThat(worst).isLessThan(1e-10);
    }

    @Test
    void theEndsAreExact() {
        assertThat(Exponential.of(0)).isEqualTo(1);
        assertThat(Exponential.of(-0.0)).isEqualTo(1);
        assertThat(Exponential.of(-501)).isZero();
        assertThat(Exponential.of(Double.NEGATIVE_INFINITY)).isZero();
    }
}
