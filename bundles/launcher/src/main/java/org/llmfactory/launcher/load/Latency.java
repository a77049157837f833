package org.llmfactory.launcher.load;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/**
 * How long something took, as an agent has measured it, in milliseconds.
 *
 * @param count how many were measured
 * @param p50Ms half of them took at most this
 * @param p95Ms the slow end
 * @param p99Ms the slower end
 * @param maxMs the slowest
 */
record Latency(
        int count,
        @JsonProperty("p50_ms") double p50Ms,
        @JsonProperty("p95_ms") double p95Ms,
        @JsonProperty("p99_ms") double p99Ms,
        @JsonProperty("max_ms") double maxMs) {
    /** Reads what an action of the plugin answers, which is in microseconds. */
    static Latency of(JsonNode answer) {
        return new Latency(
                answer.path("count").asInt(),
                milliseconds(answer, "p50Micros"),
                milliseconds(answer, "p95Micros"),
                milliseconds(answer, "p99Micros"),
                milliseconds(answer, "maxMicros"));
    }

    private static double milliseconds(JsonNode answer, String name) {
        return Distribution.rounded(answer.path(name).asDouble() / 1e3);
    }

    String describe() {
        return String.format(Locale.ROOT, "p50 %.3f ms, p95 %.3f ms, p99 %.3f ms", p50Ms, p95Ms, p99Ms);
    }
}
