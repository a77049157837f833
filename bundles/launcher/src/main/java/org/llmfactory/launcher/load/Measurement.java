package org.llmfactory.launcher.load;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.llmfactory.launcher.load.TokenStream.Answer;

/**
 * The figures of one run, as {@code bench} prints them.
 *
 * @param tokensPerS generated tokens a second, all clients together
 * @param requestsPerS answered requests a second
 * @param latencyP50S median seconds of a request
 * @param latencyP95S the slow end
 * @param ttftP50S median seconds until the first token
 * @param ratio tokens a second against the base model's; null for the base itself
 */
record Measurement(
        @JsonProperty("tokens_per_s") double tokensPerS,
        @JsonProperty("requests_per_s") double requestsPerS,
        @JsonProperty("latency_p50_s") double latencyP50S,
        @JsonProperty("latency_p95_s") double latencyP95S,
        @JsonProperty("ttft_p50_s") double ttftP50S,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Double ratio) {
    static Measurement of(List<Answer> answers, double seconds) {
        int tokens = answers.stream().mapToInt(Answer::tokens).sum();
        return new Measurement(
                rounded(tokens / seconds),
                rounded(answers.size() / seconds),
                rounded(percentile(answers, Answer::seconds, 0.50)),
                rounded(percentile(answers, Answer::seconds, 0.95)),
                rounded(percentile(answers, Answer::firstSeconds, 0.50)),
                null);
    }

    Measurement against(Measurement base) {
        return new Measurement(
                tokensPerS, requestsPerS, latencyP50S, latencyP95S, ttftP50S, rounded(tokensPerS / base.tokensPerS));
    }

    /** The figures as a line for people. */
    String describe() {
        return String.format(
                "%.1f tokens/s, %.2f requests/s, latency %.1f s (p95 %.1f s), first token %.1f s",
                tokensPerS, requestsPerS, latencyP50S, latencyP95S, ttftP50S);
    }

    /** The nearest-rank percentile. */
    static double percentile(List<Answer> answers, ToDoubleFunction<Answer> value, double share) {
        return Distribution.percentile(
                answers.stream().mapToDouble(value).sorted().toArray(), share);
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
