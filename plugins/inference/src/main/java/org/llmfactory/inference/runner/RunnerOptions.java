package org.llmfactory.inference.runner;

import java.util.Objects;
import java.util.Optional;
import org.llmfactory.torch.DType;

/**
 * What a runner is made with.
 *
 * @param weightType type of weights, keys and values in memory; empty for the fastest one this device computes with
 * @param keyValueBytes memory for keys and values; as many blocks as fit, and a context no longer than all of them
 * @param blockSize tokens of one block
 * @param maxTokensPerStep tokens one step brings at most
 */
public record RunnerOptions(Optional<DType> weightType, long keyValueBytes, int blockSize, int maxTokensPerStep) {
    public RunnerOptions {
        Objects.requireNonNull(weightType, "weightType");
        if (keyValueBytes <= 0 || blockSize <= 0 || maxTokensPerStep <= 0) {
            throw new IllegalArgumentException("keyValueBytes, blockSize and maxTokensPerStep must be positive");
        }
    }
}
