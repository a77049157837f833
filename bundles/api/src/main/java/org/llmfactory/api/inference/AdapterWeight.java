package org.llmfactory.api.inference;

import java.util.Objects;

/**
 * One adapter's part in a mix: the request is answered by W + Σ weightᵢ·sᵢ·Bᵢ·Aᵢ.
 *
 * @param digest the adapter's identity, see {@link org.llmfactory.api.adapter.AdapterInfo#digest()}
 * @param weight any finite number; may be negative, 1 is the adapter as trained
 */
public record AdapterWeight(String digest, float weight) {
    public AdapterWeight {
        Objects.requireNonNull(digest, "digest");
        if (!Float.isFinite(weight)) {
            throw new IllegalArgumentException("weight must be finite");
        }
    }
}
