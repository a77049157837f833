package org.llmfactory.api.governance;

import java.util.List;
import java.util.Objects;

/**
 * What is about to be done for a caller.
 *
 * @param id of the answer, for example {@code chatcmpl-…}
 * @param endpoint what the ledger counts it under: {@code completions}, {@code embeddings}, {@code audio_transcriptions}
 * @param address the client's network address
 * @param model id of the base model
 * @param adapters digests of the adapters that answer
 * @param adapterNames their names, in the same order
 * @param input the texts that the caller wrote, for the content policy
 * @param inputTokens tokens of the prompts
 * @param outputTokens tokens that the answers may have in all, at most
 */
public record Work(
        String id,
        String endpoint,
        String address,
        String model,
        List<String> adapters,
        List<String> adapterNames,
        List<String> input,
        long inputTokens,
        long outputTokens) {
    public Work {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(endpoint, "endpoint");
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(model, "model");
        adapters = List.copyOf(adapters);
        adapterNames = List.copyOf(adapterNames);
        input = List.copyOf(input);
    }
}
