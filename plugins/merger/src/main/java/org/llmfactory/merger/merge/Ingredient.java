package org.llmfactory.merger.merge;

import java.util.Objects;
import org.llmfactory.models.adapter.LoraAdapter;

/**
 * An adapter that goes into a merge.
 *
 * @param weight negative to subtract it
 */
public record Ingredient(LoraAdapter adapter, double weight) {
    public Ingredient {
        Objects.requireNonNull(adapter, "adapter");
    }
}
