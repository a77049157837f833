package org.llmfactory.inference.runner;

import java.util.List;
import org.llmfactory.models.adapter.LoraAdapter;
import org.llmfactory.models.decoder.DecoderConfig;
import org.llmfactory.torch.DType;

/**
 * Computes. Owns the weights, the key-value memory and the resident adapters; decides nothing. {@link #run} is called by
 * one thread, {@link #load} by another at the same time.
 */
public interface ModelRunner extends AutoCloseable {
    RunnerLimits limits();

    /** The network's shape, which adapters are read against. */
    DecoderConfig config();

    /** Type of the weights in memory. */
    DType weightType();

    /**
     * One step: all chunks together in one pass through the network. Writes the keys and values of every token to its
     * block before any later token attends to it.
     */
    StepOutput run(List<Chunk> chunks);

    /** Brings an adapter into the memory of the device. It stays until it is closed. */
    ResidentAdapter load(LoraAdapter adapter);

    @Override
    void close();
}
