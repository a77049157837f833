package org.llmfactory.inference.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.llmfactory.api.inference.AdapterWeight;
import org.llmfactory.api.inference.GenerationRequest;
import org.llmfactory.api.inference.SamplingParameters;
import org.llmfactory.api.inference.StopConditions;

/** Requests with defaults, changed one property at a time. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Requests(
        String tenant,
        int[] prompt,
        List<AdapterWeight> adapters,
        SamplingParameters sampling,
        StopConditions stop,
        Duration deadline,
        boolean promptLogprobs) {
    static Requests of(int... prompt) {
        return new Requests(
                "tenant",
                prompt,
                List.of(),
                SamplingParameters.GREEDY,
                new StopConditions(8, Set.of(), false),
                Duration.ofMinutes(1),
                false);
    }

    /** A prompt of so many pseudo-random tokens below 50. */
    static Requests ofLength(int length, long seed) {
        return of(new Random(seed).ints(length, 0, 50).toArray());
    }

    Requests tenant(String name) {
        return new Requests(name, prompt, adapters, sampling, stop, deadline, promptLogprobs);
    }

    Requests adapter(String digest) {
        return adapter(digest, 1);
    }

    Requests adapter(String digest, float weight) {
        List<AdapterWeight> more = new ArrayList<>(adapters);
        more.add(new AdapterWeight(digest, weight));
        return new Requests(tenant, prompt, more, sampling, stop, deadline, promptLogprobs);
    }

    Requests sampling(SamplingParameters parameters) {
        return new Requests(tenant, prompt, adapters, parameters, stop, deadline, promptLogprobs);
    }

    Requests maxTokens(int count) {
        return stop(new StopConditions(count, stop.stopTokens(), stop.ignoreStopTokens()));
    }

    Requests stop(StopConditions conditions) {
        return new Requests(tenant, prompt, adapters, sampling, conditions, deadline, promptLogprobs);
    }

    Requests deadline(Duration time) {
        return new Requests(tenant, prompt, adapters, sampling, stop, time, promptLogprobs);
    }

    Requests withPromptLogprobs() {
        return new Requests(tenant, prompt, adapters, sampling, stop, deadline, true);
    }

    GenerationRequest build() {
        return new GenerationRequest("request", tenant, prompt, adapters, sampling, stop, deadline, promptLogprobs);
    }

    /** What the scripted model answers greedily, computed a token at a time from the tokens alone. */
    List<Integer> greedyAnswer(int vocabularySize) {
        return greedyAnswer(vocabularySize, false);
    }

    List<Integer> greedyAnswer(int vocabularySize, boolean longContext) {
        int[] tokens = prompt;
        List<Integer> answer = new ArrayList<>();
        for (int i = 0; i < stop.maxTokens(); i++) {
            float[] logits = ScriptedModelRunner.logits(adapters, longContext, tokens, vocabularySize);
            int token = LogProbabilities.best(logits, 1)[0];
            answer.add(token);
            tokens = Arrays.copyOf(tokens, tokens.length + 1);
            tokens[tokens.length - 1] = token;
        }
        return answer;
    }

    /** Temperature and seed, everything else off. */
    static SamplingParameters random(float temperature, long seed) {
        return new SamplingParameters(temperature, 1, 0, 0, 1, 0, 0, Map.of(), OptionalLong.of(seed), -1);
    }

    /** Greedy, with log probabilities. */
    static SamplingParameters logprobs(int top) {
        return new SamplingParameters(0, 1, 0, 0, 1, 0, 0, Map.of(), OptionalLong.empty(), top);
    }
}
