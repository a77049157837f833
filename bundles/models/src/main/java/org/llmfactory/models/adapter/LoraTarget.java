package org.llmfactory.models.adapter;

import java.util.Objects;

/**
 * One linear layer of the base model.
 *
 * @param layer the block, from 0
 */
public record LoraTarget(int layer, Projection projection) {
    public LoraTarget {
        Objects.requireNonNull(projection, "projection");
    }
}
