package org.llmfactory.inference.decoder;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.llmfactory.models.adapter.LoraPair;
import org.llmfactory.models.adapter.LoraTarget;
import org.llmfactory.models.adapter.Projection;
import org.llmfactory.models.decoder.DecoderConfig;
import org.llmfactory.models.decoder.RopeScaling;
import org.llmfactory.models.tensor.StorageType;
import org.llmfactory.models.tensor.TensorSource;
import org.llmfactory.models.tensor.TensorView;

/** Random weights and adapters of SmolLM2-135M's shape, in bfloat16. */
final class RandomDecoder {
    static final DecoderConfig CONFIG = new DecoderConfig(
            "llama",
            49_152,
            576,
            1536,
            30,
            9,
            3,
            64,
            1e-5,
            8192,
            100_000,
            RopeScaling.NONE,
            0,
            false,
            false,
            true,
            Set.of(1),
            Set.of(2));

    private final SplittableRandom random = new SplittableRandom(1234);

    /** A source that makes each weight when it is asked for. */
    TensorSource weights() {
        return new TensorSource() {
            @Override
            public Set<String> names() {
                throw new UnsupportedOperationException("weights are made by name");
            }

            @Override
            public Optional<TensorView> find(String name) {
                return Optional.of(weight(name));
            }

            @Override
            public void close() {
                // nothing is open
            }
        };
    }

    /** An adapter of all seven projections. */
    Map<LoraTarget, LoraPair> adapter(int rank) {
        Map<LoraTarget, LoraPair> pairs = new HashMap<>();
        for (int layer = 0; layer < CONFIG.layers(); layer++) {
            for (Projection projection : Projection.values()) {
                int in = projection.inputWidth(CONFIG);
                TensorView a = matrix("a", 1 / Math.sqrt(in), rank, in);
                TensorView b = matrix("b", 0.05, projection.outputWidth(CONFIG), rank);
                pairs.put(new LoraTarget(layer, projection), new LoraPair(rank, 2, a, b));
            }
        }
        return pairs;
    }

    private TensorView weight(String name) {
        if (name.endsWith("norm.weight")) {
            return matrix(name, 0, CONFIG.hiddenSize());
        }
        if (name.contains("embed_tokens") || name.contains("lm_head")) {
            return matrix(name, 0.04, CONFIG.vocabularySize(), CONFIG.hiddenSize());
        }
        for (Projection projection : Projection.values()) {
            if (name.contains(projection.path())) {
                int in = projection.inputWidth(CONFIG);
                return matrix(name, 1 / Math.sqrt(in), projection.outputWidth(CONFIG), in);
            }
        }
        throw new IllegalArgumentException(name);
    }

    /** Uniform values of a deviation; ones when it is 0. */
    private TensorView matrix(String name, double deviation, long... shape) {
        int elements = 1;
        for (long size : shape) {
            elements = Math.toIntExact(elements * size);
        }
        ByteBuffer bytes = ByteBuffer.allocateDirect(2 * elements).order(ByteOrder.LITTLE_ENDIAN);
        double range = deviation * Math.sqrt(12);
        for (int i = 0; i < elements; i++) {
            float value = deviation == 0 ? 1 : (float) ((random.nextDouble() - 0.5) * range);
            bytes.putShort((short) (Float.floatToIntBits(value) >> 16));
        }
        return TensorView.of(name, StorageType.BF16, shape, bytes.flip());
    }
}
