package org.llmfactory.merger.extract;

import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.models.tensor.TensorView;

/** How much a weight differs, in pieces that fit into memory. */
final class WeightChange {
    private static final long PIECE = 1L << 22;

    private WeightChange() {}

    /**
     * The Frobenius norm of the difference, relative to that of the base; 0 only for equal values, 1 when the base is zero.
     *
     * @throws FactoryException {@code INVALID_FILE} when a value is not a number
     */
    static double of(TensorView base, TensorView tuned) {
        double difference = 0;
        double whole = 0;
        long[] shape = base.shape();
        int rows = shape.length < 2 ? 1 : Math.toIntExact(shape[0]);
        int step = (int) Math.max(1, PIECE / Math.max(1, base.elements() / rows));
        for (int from = 0; from < rows; from += step) {
            float[] x = values(base, from, Math.min(rows, from + step));
            float[] y = values(tuned, from, Math.min(rows, from + step));
            for (int i = 0; i < x.length; i++) {
                double change = (double) y[i] - x[i];
                difference += change * change;
                whole += (double) x[i] * x[i];
            }
        }
        if (!Double.isFinite(difference)) {
            throw new FactoryException(
                    ErrorCode.INVALID_FILE, "The weight '" + base.name() + "' holds values that are no numbers.");
        }
        if (difference == 0) {
            return 0;
        }
        return whole == 0 ? 1 : Math.sqrt(difference / whole);
    }

    private static float[] values(TensorView view, int from, int to) {
        return view.shape().length < 2 ? view.toFloats() : view.rows(from, to).toFloats();
    }
}
