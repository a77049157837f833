package org.llmfactory.evaluation.item;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One row of a data source.
 *
 * @param number its place, from 0
 * @param item what the templates call {@code item}
 * @param sample an answer that the row brings along; null for none
 */
public record Item(int number, ObjectNode item, @Nullable ObjectNode sample) {
    public Item {
        Objects.requireNonNull(item, "item");
    }
}
