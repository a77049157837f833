package org.llmfactory.api.inference;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * One sequence to generate.
 *
 * @param id for logs and audit
 * @param tenant whose request this is; requests of different tenants never share cached prefixes
 * @param prompt token ids, at least one
 * @param adapters the mix; empty for the base model, each digest at most once
 * @param sampling how the next token is picked
 * @param stop when to end
 * @param deadline time from submission after which the request fails with {@code DEADLINE_EXCEEDED}
 * @param promptLogprobs whether {@link TokenSink#onPrompt} is wanted; such a request reads no cached prefix
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out; requests are never compared
public record GenerationRequest(
        String id,
        String tenant,
        int[] prompt,
        List<AdapterWeight> adapters,
        SamplingParameters sampling,
        StopConditions stop,
        Duration deadline,
        boolean promptLogprobs) {
    public GenerationRequest {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(tenant, "tenant");
        prompt = prompt.clone();
        adapters = List.copyOf(adapters);
        Objects.requireNonNull(sampling, "sampling");
        Objects.requireNonNull(stop, "stop");
        Objects.requireNonNull(deadline, "deadline");
    }

    /** The same request with another deadline: when it goes on after some of its time has passed. */
    public GenerationRequest within(Duration left) {
        return new GenerationRequest(id, tenant, prompt, adapters, sampling, stop, left, promptLogprobs);
    }

    @Override
    public int[] prompt() {
        return prompt.clone();
    }
}
