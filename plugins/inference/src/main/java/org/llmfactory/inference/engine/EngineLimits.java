package org.llmfactory.inference.engine;

import java.time.Duration;

/**
 * What an engine may use.
 *
 * @param maxSequences sequences of one batch
 * @param maxTokensPerStep tokens one step computes, prompts and decodes together; at least {@code maxSequences}, so that
 *     every running sequence advances in every step
 * @param maxQueued requests that wait at most; one more is refused
 * @param maxQueuedPerTenant of these, requests of one tenant
 * @param adapterBytes memory of the device for adapters
 * @param adapterLoaders adapters loaded at the same time
 * @param starvation how long a request may be passed over for want of adapter memory before adapters are held back for
 *     it
 * @param criticalFailures steps that fail one after the other before the engine calls itself broken
 */
public record EngineLimits(
        int maxSequences,
        int maxTokensPerStep,
        int maxQueued,
        int maxQueuedPerTenant,
        long adapterBytes,
        int adapterLoaders,
        Duration starvation,
        int criticalFailures) {
    public EngineLimits {
        require(maxSequences >= 1, "maxSequences must be at least 1");
        require(maxTokensPerStep >= maxSequences, "maxTokensPerStep must be at least maxSequences");
        require(maxQueued >= 1, "maxQueued must be at least 1");
        require(maxQueuedPerTenant >= 1, "maxQueuedPerTenant must be at least 1");
        require(adapterBytes >= 1, "adapterBytes must be at least 1");
        require(adapterLoaders >= 1, "adapterLoaders must be at least 1");
        require(!starvation.isNegative(), "starvation must not be negative");
        require(criticalFailures >= 1, "criticalFailures must be at least 1");
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
