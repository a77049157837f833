package org.llmfactory.search;

import java.util.Map;
import java.util.OptionalDouble;

/**
 * An attempt with some values.
 *
 * @param values by name; for a {@link Parameter.Choice} the place of what was chosen
 * @param loss what came of it, the lower the better; empty while it runs, and for one that failed
 */
public record Trial(Map<String, Double> values, OptionalDouble loss) {
    public Trial {
        values = Map.copyOf(values);
    }
}
