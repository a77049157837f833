package org.llmfactory.finetuning.search;

import java.util.List;
import org.llmfactory.search.Parameter;

/**
 * What of a job is searched for, and where.
 *
 * @param low the least value, where there are no {@code values}
 * @param high the greatest
 * @param step see {@link Parameter.Range}
 * @param logarithmic see {@link Parameter.Range}
 * @param values what there is to choose from; empty for a range
 */
public record Wish(Tunable tunable, double low, double high, double step, boolean logarithmic, List<String> values) {
    public Wish {
        values = List.copyOf(values);
    }

    /** One of some values. */
    public static Wish oneOf(Tunable tunable, List<String> values) {
        return new Wish(tunable, 0, 0, 0, false, values);
    }

    /** As the samplers know it. */
    public Parameter parameter() {
        return values.isEmpty()
                ? new Parameter.Range(tunable.word(), low, high, step, logarithmic)
                : new Parameter.Choice(tunable.word(), values.size());
    }

    /** What a sampler's value means. */
    public String text(double value) {
        if (!values.isEmpty()) {
            return values.get((int) value);
        }
        return tunable.kind() == Tunable.Kind.WHOLE ? Long.toString(Math.round(value)) : Double.toString(value);
    }
}
