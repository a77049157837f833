package org.llmfactory.merger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.llmfactory.models.adapter.LoraPair;
import org.llmfactory.models.adapter.LoraWriter;

/** Changes of layers as whole matrices, for comparison, and adapters in folders. */
public final class Changes {
    private Changes() {}

    /** The whole change, row by row. */
    public static float[] of(LoraPair pair) {
        float[] change = product(pair.a().toFloats(), pair.b().toFloats(), pair.rank());
        for (int i = 0; i < change.length; i++) {
            change[i] *= pair.scale();
        }
        return change;
    }

    /** B times A. */
    public static float[] product(float[] a, float[] b, int rank) {
        int columns = a.length / rank;
        float[] product = new float[b.length / rank * columns];
        for (int i = 0; i < product.length; i++) {
            double sum = 0;
            for (int k = 0; k < rank; k++) {
                sum += (double) b[i / columns * rank + k] * a[k * columns + i % columns];
            }
            product[i] = (float) sum;
        }
        return product;
    }

    public static double cosine(float[] x, float[] y) {
        double dot = 0;
        double xx = 0;
        double yy = 0;
        for (int i = 0; i < x.length; i++) {
            dot += (double) x[i] * y[i];
            xx += (double) x[i] * x[i];
            yy += (double) y[i] * y[i];
        }
        return dot / Math.sqrt(xx * yy);
    }

    /** Writes an adapter's two files. */
    public static void write(Path folder, LoraWriter writer) {
        try {
            Files.write(folder.resolve(LoraWriter.CONFIGURATION), writer.configuration());
            Files.write(folder.resolve(LoraWriter.WEIGHTS), writer.weights());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
