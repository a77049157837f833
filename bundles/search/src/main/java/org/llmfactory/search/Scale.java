package org.llmfactory.search;

/** A range stretched so that equal distances mean equally much, and each value of a stepped one has as much room. */
final class Scale {
    private final Parameter.Range range;
    private final double low;
    private final double high;

    Scale(Parameter.Range range) {
        this.range = range;
        double half = range.step() / 2;
        this.low = range.logarithmic() ? Math.log(range.low()) : range.low() - half;
        this.high = range.logarithmic() ? Math.log(range.high()) : range.top() + half;
    }

    double low() {
        return low;
    }

    double high() {
        return high;
    }

    double width() {
        return high - low;
    }

    double place(double value) {
        return range.logarithmic() ? Math.log(value) : value;
    }

    double value(double place) {
        return range.allowed(range.logarithmic() ? Math.exp(place) : place);
    }

    /** Half of the room that a value has around its place; 0 in a range without steps. */
    double half() {
        return range.step() / 2;
    }
}
