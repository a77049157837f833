package org.llmfactory.search;

/** One of the values that are searched for. */
public sealed interface Parameter {
    /** What it is called; unique in its space. */
    String name();

    /**
     * A number.
     *
     * @param low the least value
     * @param high the greatest value, above the least one
     * @param step values lie so far apart, counted from the least; 0 for any value between
     * @param logarithmic whether ratios rather than differences matter: then {@code low} is above 0 and {@code step} is 0
     */
    record Range(String name, double low, double high, double step, boolean logarithmic) implements Parameter {
        /** @throws IllegalArgumentException for bounds that mean nothing */
        public Range {
            if (!(low < high) || !Double.isFinite(low) || !Double.isFinite(high)) {
                throw new IllegalArgumentException(name + ": the least value must be below the greatest");
            }
            if (!(step >= 0) || step > high - low) {
                throw new IllegalArgumentException(name + ": the step must fit between the bounds");
            }
            if (logarithmic && (low <= 0 || step > 0)) {
                throw new IllegalArgumentException(name + ": a logarithmic range begins above 0, and has no step");
            }
        }

        /** The greatest value that can be reached. */
        double top() {
            return step == 0 ? high : low + Math.floor((high - low) / step + 1e-9) * step;
        }

        /** The nearest value that is allowed. */
        double allowed(double value) {
            double inside = Math.max(low, Math.min(top(), value));
            return step == 0 ? inside : Math.max(low, Math.min(top(), low + Math.rint((inside - low) / step) * step));
        }
    }

    /**
     * One of several things without an order; the value is the place of one, counted from 0.
     *
     * @param size how many, at least 1
     */
    record Choice(String name, int size) implements Parameter {
        /** @throws IllegalArgumentException when there is nothing to choose from */
        public Choice {
            if (size < 1) {
                throw new IllegalArgumentException(name + ": there is nothing to choose from");
            }
        }
    }
}
