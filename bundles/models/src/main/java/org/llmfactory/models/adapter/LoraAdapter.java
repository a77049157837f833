package org.llmfactory.models.adapter;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.llmfactory.models.decoder.DecoderConfig;

/** A LoRA adapter as PEFT saves it. Safe for use by several threads. */
public final class LoraAdapter implements AutoCloseable {
    /**
     * Opens and checks an adapter, its values included.
     *
     * @param folder holds {@code adapter_config.json} and {@code adapter_model.safetensors}
     * @throws org.llmfactory.api.error.FactoryException {@code INVALID_FILE} when it is damaged or of a kind that is not
     *     served, {@code ADAPTER_MISMATCH} when it was made for a base of another shape
     */
    public static LoraAdapter open(Path folder, DecoderConfig base) {
        throw new UnsupportedOperationException();
    }

    /** The largest rank. */
    public int rank() {
        throw new UnsupportedOperationException();
    }

    /** The projections it changes, for example {@code q_proj}. */
    public Set<String> targetModules() {
        throw new UnsupportedOperationException();
    }

    /** What it changes; Phi-3's fused layers appear as their parts, which share A. */
    public Map<LoraTarget, LoraPair> pairs() {
        throw new UnsupportedOperationException();
    }

    /** SHA-256 of configuration and weights, 64 lower-case hex digits: the adapter's identity. */
    public String digest() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
