package org.llmfactory.models.adapter;

import java.util.Objects;
import org.llmfactory.models.tensor.TensorView;

/**
 * The low-rank change of one linear layer: {@code y += scale * b(a(x))}.
 *
 * @param scale {@code alpha / rank}, or {@code alpha / sqrt(rank)} with rsLoRA
 * @param a {@code [rank, in]}
 * @param b {@code [out, rank]}
 */
public record LoraPair(int rank, float scale, TensorView a, TensorView b) {
    public LoraPair {
        Objects.requireNonNull(a, "a");
        Objects.requireNonNull(b, "b");
    }
}
