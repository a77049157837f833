package org.llmfactory.merger.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.llmfactory.models.adapter.LoraTarget;
import org.llmfactory.models.adapter.Projection;

class DropMasksTest {
    private static final int SIZE = 100_000;
    private static final LoraTarget TARGET = new LoraTarget(3, Projection.Q);
    private static final DropMasks.Place PLACE = new DropMasks.Place(TARGET, 0, false);

    @Test
    void keepsTheShareThatIsTheDensity() {
        double kept = 0;
        for (float value : DropMasks.of(5).draw(PLACE, SIZE, 0.3)) {
            assertThat(value).isIn(0F, 1F);
            kept += value;
        }
        // Four standard deviations of the share.
        assertThat(kept / SIZE).isCloseTo(0.3, within(4 * Math.sqrt(0.3 * 0.7 / SIZE)));
    }

    @Test
    void sameSeedKeepsTheSame() {
        assertThat(DropMasks.of(5).draw(PLACE, 1000, 0.5))
                .isEqualTo(DropMasks.of(5).draw(PLACE, 1000, 0.5));
        assertThat(DropMasks.of(6).draw(PLACE, 1000, 0.5))
                .isNotEqualTo(DropMasks.of(5).draw(PLACE, 1000, 0.5));
    }

    @Test
    void everyMatrixHasItsOwn() {
        float[] mask = DropMasks.of(5).draw(PLACE, 1000, 0.5);
        assertThat(DropMasks.of(5).draw(new DropMasks.Place(TARGET, 1, false), 1000, 0.5))
                .isNotEqualTo(mask);
        assertThat(DropMasks.of(5).draw(new DropMasks.Place(TARGET, 0, true), 1000, 0.5))
                .isNotEqualTo(mask);
    }
}
