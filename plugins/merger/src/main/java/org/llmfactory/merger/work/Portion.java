package org.llmfactory.merger.work;

import java.util.Objects;
import org.llmfactory.api.adapter.AdapterInfo;

/**
 * A registered adapter that goes into a merge.
 *
 * @param weight negative to subtract it
 */
public record Portion(AdapterInfo adapter, double weight) {
    public Portion {
        Objects.requireNonNull(adapter, "adapter");
    }
}
