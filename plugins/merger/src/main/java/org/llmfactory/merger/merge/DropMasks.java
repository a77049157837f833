package org.llmfactory.merger.merge;

import java.util.Objects;
import java.util.SplittableRandom;
import org.llmfactory.models.adapter.LoraTarget;

/** What random pruning keeps. */
@FunctionalInterface
public interface DropMasks {
    /**
     * One matrix that is pruned.
     *
     * @param target the layer
     * @param ingredient its place among the adapters, from 0
     * @param up whether it is a B; of a merge of changes never
     */
    record Place(LoraTarget target, int ingredient, boolean up) {
        public Place {
            Objects.requireNonNull(target, "target");
        }

        private String hashText() {
            return target.layer() + "." + target.projection().path() + (up ? ".B" : ".A");
        }
    }

    /** 1 for each value that is kept, 0 for others. */
    float[] draw(Place place, int size, double density);

    /** Each value is kept with the probability {@code density}; the same seed keeps the same values. */
    static DropMasks of(long seed) {
        return (place, size, density) -> {
            // A String's hash is the same everywhere.
            long stream = ((long) place.hashText().hashCode() << 32) | place.ingredient();
            SplittableRandom random = new SplittableRandom(new SplittableRandom(seed).nextLong() ^ stream);
            float[] mask = new float[size];
            for (int i = 0; i < size; i++) {
                mask[i] = random.nextDouble() < density ? 1 : 0;
            }
            return mask;
        };
    }
}
