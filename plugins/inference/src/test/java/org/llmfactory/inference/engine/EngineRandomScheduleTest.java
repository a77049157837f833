package org.llmfactory.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmfactory.api.inference.FinishReason;
import org.llmfactory.api.inference.SamplingParameters;
import org.llmfactory.api.inference.StopConditions;
import org.llmfactory.api.inference.testing.RecordingTokenSink;

/**
 * Whatever the order of arrival, the batch, the cache, preemptions, evictions and cancellations: every sequence says what
 * it says when it is alone.
 */
final class EngineRandomScheduleTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void aRandomScheduleAnswersLikeOneRequestAfterTheOther(long seed) {
        Random random = new Random(seed);
        List<Requests> requests = new ArrayList<>();
        List<int[]> prefixes = List.of(
                Requests.ofLength(20, seed).prompt(),
                Requests.ofLength(33, seed + 1).prompt());
        for (int i = 0; i < 60; i++) {
            requests.add(request(random, prefixes));
        }
        List<List<Integer>> alone = alone(requests);

        int maxSequences = 1 + random.nextInt(12);
        EngineLimits limits = new EngineLimits(
                maxSequences,
                maxSequences + random.nextInt(40),
                1024,
                1024,
                23 + random.nextInt(20),
                2,
                Duration.ofMillis(random.nextInt(50)),
                3);
        try (EngineFixture fixture = EngineFixture.of(limits, 64 + random.nextInt(30))) {
            register(fixture);
            List<RecordingTokenSink> sinks = new ArrayList<>();
            for (Requests request : requests) {
                int cancelAfter = random.nextInt(6) == 0 ? random.nextInt(10) : Integer.MAX_VALUE;
                sinks.add(fixture.submit(request, new RecordingTokenSink(cancelAfter)));
                fixture.steps(random.nextInt(4));
            }
            fixture.finish();

            for (int i = 0; i < requests.size(); i++) {
                RecordingTokenSink sink = sinks.get(i);
                List<Integer> expected = alone.get(i);
                if (sink.reason().orElseThrow() == FinishReason.CANCELLED) {
                    expected = expected.subList(0, sink.ids().size());
                }
                assertThat(sink.ids()).as("request %s of seed %s", i, seed).isEqualTo(expected);
            }
        }
    }

    private static List<List<Integer>> alone(List<Requests> requests) {
        List<List<Integer>> answers = new ArrayList<>();
        try (EngineFixture fixture = EngineFixture.roomy()) {
            register(fixture);
            int tenant = 0;
            for (Requests request : requests) {
                // A tenant of its own, so that nothing comes from the cache.
                answers.add(fixture.answer(request.tenant("alone-" + tenant++)).ids());
            }
        }
        return answers;
    }

    private static void register(EngineFixture fixture) {
        fixture.adapters().with("a", 10).with("b", 7).with("c", 13);
    }

    private static Requests request(Random random, List<int[]> prefixes) {
        int[] prefix = prefixes.get(random.nextInt(prefixes.size()));
        int shared = random.nextInt(prefix.length);
        int[] prompt = random.ints(shared + 1 + random.nextInt(80), 0, EngineFixture.VOCABULARY)
                .toArray();
        System.arraycopy(prefix, 0, prompt, 0, shared);
        Requests request = Requests.of(prompt)
                .tenant("tenant-" + random.nextInt(3))
                .sampling(sampling(random))
                .stop(new StopConditions(
                        random.nextInt(40), Set.of(random.nextInt(EngineFixture.VOCABULARY)), random.nextBoolean()));
        for (String adapter : List.of("a", "b", "c")) {
            if (random.nextInt(3) == 0 && request.adapters().size() < 2) {
                request = request.adapter(adapter, random.nextBoolean() ? 1 : random.nextFloat() - 0.5f);
            }
        }
        return random.nextInt(8) == 0 ? request.withPromptLogprobs() : request;
    }

    private static SamplingParameters sampling(Random random) {
        if (random.nextBoolean()) {
            return SamplingParameters.GREEDY;
        }
        return new SamplingParameters(
                random.nextFloat() * 2,
                random.nextBoolean() ? 1 : 0.5f + random.nextFloat() / 2,
                random.nextInt(3) * 10,
                random.nextInt(2) * 0.05f,
                random.nextBoolean() ? 1 : 1.2f,
                random.nextBoolean() ? 0 : 0.5f,
                random.nextBoolean() ? 0 : -0.5f,
                random.nextBoolean() ? Map.of() : Map.of(3, 2f),
                OptionalLong.of(random.nextLong()),
                random.nextInt(4) - 1);
    }
}
