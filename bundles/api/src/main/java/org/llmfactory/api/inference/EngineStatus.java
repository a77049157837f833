package org.llmfactory.api.inference;

import java.util.List;

/**
 * A snapshot of an engine.
 *
 * @param device for example {@code cpu} or {@code cuda:0}
 * @param weightType for example {@code bfloat16}
 * @param running sequences in the current batch
 * @param waiting sequences queued
 * @param kvBlocks blocks of key-value memory in all
 * @param kvBlocksFree of these, free or evictable
 * @param residentAdapters digests of the adapters in the pool
 * @param steps steps computed since start
 * @param generatedTokens tokens generated since start
 */
public record EngineStatus(
        String device,
        String weightType,
        int running,
        int waiting,
        int kvBlocks,
        int kvBlocksFree,
        List<String> residentAdapters,
        long steps,
        long generatedTokens) {
    public EngineStatus {
        residentAdapters = List.copyOf(residentAdapters);
    }
}
