package org.llmfactory.gateway.lorax;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.llmfactory.gateway.generation.TokenUsage;
import org.llmfactory.gateway.model.ResolvedModel;

/** LoRAX's response headers; times are in milliseconds. */
final class LoraxHeaders {
    private LoraxHeaders() {}

    static Map<String, String> model(LoraxRequest request, ResolvedModel model) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("x-compute-type", model.engine().status().device());
        headers.put("x-compute-characters", Integer.toString(request.inputs().length()));
        headers.put("x-model-id", model.base().id());
        if (!model.adapters().isEmpty()) {
            headers.put("x-adapter-id", model.adapterNames());
            headers.put("x-adapter-source", request.adapterSource());
        }
        return headers;
    }

    static Map<String, String> cost(TokenUsage usage, Duration total) {
        long inference = Math.max(0, total.minus(usage.queueTime()).toMillis());
        long perToken = inference / Math.max(1, usage.completionTokens());
        Duration decoding = total.minus(usage.queueTime()).minus(usage.timeToFirstToken());
        long perOutputToken = Math.max(0, decoding.toMillis()) / Math.max(1, usage.completionTokens() - 1);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("x-compute-time", Long.toString(total.toMillis()));
        headers.put("x-total-time", Long.toString(total.toMillis()));
        headers.put("x-prompt-tokens", Integer.toString(usage.promptTokens()));
        headers.put("x-generated-tokens", Integer.toString(usage.completionTokens()));
        headers.put("x-skipped-tokens", "0");
        headers.put("x-total-tokens", Integer.toString(usage.totalTokens()));
        headers.put("x-queue-time", Long.toString(usage.queueTime().toMillis()));
        headers.put("x-inference-time", Long.toString(inference));
        headers.put("x-time-per-token", Long.toString(perToken));
        headers.put(
                "x-time-to-first-token", Long.toString(usage.timeToFirstToken().toMillis()));
        headers.put("x-time-per-output-token", Long.toString(perOutputToken));
        return headers;
    }
}
