package org.llmfactory.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.inference.GeneratedToken;
import org.llmfactory.api.inference.SamplingParameters;
import org.llmfactory.api.inference.TokenLogprob;
import org.llmfactory.api.inference.testing.RecordingTokenSink;
import org.llmfactory.inference.runner.StepOutput;

/** Every option against an implementation that sorts, allocates and takes its time. */
final class SamplerTest {
    private static final int VOCABULARY = 200;

    private final Sampler sampler = new Sampler(VOCABULARY);

    @Test
    void greedyAsksForNoLogits() {
        GeneratedToken token = sampler.next(new ArgmaxOnly(17), 0, sequence(SamplingParameters.GREEDY, 1, 2));

        assertThat(token).isEqualTo(GeneratedToken.of(17));
    }

    @ParameterizedTest
    @ValueSource(floats = {0.3f, 1, 2})
    void temperature(float temperature) {
        compare(new SamplingParameters(temperature, 1, 0, 0, 1, 0, 0, Map.of(), seed(), -1));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 199, 200, 1000})
    void topK(int topK) {
        compare(new SamplingParameters(1.5f, 1, topK, 0, 1, 0, 0, Map.of(), seed(), -1));
    }

    @ParameterizedTest
    @ValueSource(floats = {1e-6f, 0.1f, 0.5f, 0.9f, 0.999f})
    void topP(float topP) {
        compare(new SamplingParameters(1.5f, topP, 0, 0, 1, 0, 0, Map.of(), seed(), -1));
    }

    @ParameterizedTest
    @ValueSource(floats = {0.001f, 0.05f, 0.5f, 1})
    void minP(float minP) {
        compare(new SamplingParameters(1.5f, 1, 0, minP, 1, 0, 0, Map.of(), seed(), -1));
    }

    @Test
    void topKAndTopPAndMinPTogetherApplyInThisOrder() {
        compare(new SamplingParameters(2, 0.7f, 20, 0.3f, 1, 0, 0, Map.of(), seed(), -1));
    }

    @ParameterizedTest
    @ValueSource(floats = {0.5f, 1.3f, 3})
    void repetitionPenalty(float penalty) {
        compare(new SamplingParameters(0, 1, 0, 0, penalty, 0, 0, Map.of(), seed(), -1));
        compare(new SamplingParameters(1, 1, 0, 0, penalty, 0, 0, Map.of(), seed(), -1));
    }

    @ParameterizedTest
    @ValueSource(floats = {-2, 0.5f, 2})
    void frequencyAndPresencePenalty(float penalty) {
        compare(new SamplingParameters(1, 1, 0, 0, 1, penalty, 0, Map.of(), seed(), -1));
        compare(new SamplingParameters(1, 1, 0, 0, 1, 0, penalty, Map.of(), seed(), -1));
        compare(new SamplingParameters(0, 1, 0, 0, 1, penalty, -penalty / 2, Map.of(), seed(), -1));
    }

    @Test
    void logitBias() {
        compare(new SamplingParameters(1, 1, 0, 0, 1, 0, 0, Map.of(3, 5f, 9, -100f, 150, 4f), seed(), -1));
    }

    @Test
    void aBiasOfHundredForcesAToken() {
        SamplingParameters forced =
                new SamplingParameters(0, 1, 0, 0, 1, 0, 0, Map.of(42, 100f), OptionalLong.empty(), -1);

        assertThat(sampler.next(output(logits(1)), 0, sequence(forced, 1)).id()).isEqualTo(42);
    }

    @Test
    void everythingTogether() {
        Random random = new Random(5);
        for (int i = 0; i < 40; i++) {
            compare(new SamplingParameters(
                    random.nextFloat() * 2,
                    1 - random.nextFloat(),
                    random.nextInt(30),
                    random.nextFloat() * 0.2f,
                    0.5f + random.nextFloat(),
                    random.nextFloat() * 4 - 2,
                    random.nextFloat() * 4 - 2,
                    Map.of(random.nextInt(VOCABULARY), random.nextFloat() * 20 - 10),
                    OptionalLong.of(random.nextLong()),
                    random.nextInt(6) - 1));
        }
    }

    @Test
    void equalLogitsAreKeptInTheOrderOfTheirIds() {
        float[] equal = new float[VOCABULARY];
        SamplingParameters two = new SamplingParameters(1, 1, 2, 0, 1, 0, 0, Map.of(), OptionalLong.empty(), -1);
        int[] counts = new int[VOCABULARY];
        for (int i = 0; i < 200; i++) {
            counts[sampler.next(output(equal), 0, sequence(withSeed(two, i), 1)).id()]++;
        }

        assertThat(counts[0]).isBetween(60, 140);
        assertThat(counts[0] + counts[1]).isEqualTo(200);
    }

    @Test
    void drawsFollowTheDistribution() {
        float[] logits = new float[VOCABULARY];
        Arrays.fill(logits, Float.NEGATIVE_INFINITY);
        logits[10] = (float) Math.log(0.5);
        logits[20] = (float) Math.log(0.3);
        logits[30] = (float) Math.log(0.2);
        int[] counts = new int[VOCABULARY];
        for (int i = 0; i < 20_000; i++) {
            counts[
                    sampler.next(output(logits), 0, sequence(Requests.random(1, i), 1))
                            .id()]++;
        }

        assertThat(counts[10]).isCloseTo(10_000, within(300));
        assertThat(counts[20]).isCloseTo(6_000, within(300));
        assertThat(counts[30]).isCloseTo(4_000, within(300));
    }

    @Test
    void logProbabilitiesAreThoseOfTheModelWhateverTheSampling() {
        float[] logits = logits(8);
        SamplingParameters bent = new SamplingParameters(2, 0.9f, 0, 0, 2, 1, 1, Map.of(5, 50f), OptionalLong.of(1), 4);

        GeneratedToken token = sampler.next(output(logits), 0, sequence(bent, 7, 8));

        assertThat(token.id()).isEqualTo(5);
        assertThat(token.logprob()).isCloseTo((float) Math.log(softmax(logits, 1)[5]), within(1e-5f));
        List<Integer> best = order(logits).subList(0, 4);
        assertThat(token.top()).extracting(TokenLogprob::id).isEqualTo(best);
        double sum = IntStream.range(0, VOCABULARY)
                .mapToDouble(
                        id -> Math.exp(LogProbabilities.describe(logits, id, 0).logprob()))
                .sum();
        assertThat(sum).isCloseTo(1, within(1e-5));
    }

    @Test
    void logitsThatAreNoNumbersAreAnError() {
        float[] broken = logits(1);
        broken[77] = Float.NaN;

        assertThatThrownBy(() -> sampler.next(output(broken), 0, sequence(Requests.random(1, 1), 1)))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.INTERNAL));
    }

    @Test
    void theSameSeedDrawsTheSameAndAnotherSeedDoesNot() {
        List<Integer> first = draws(1);

        assertThat(draws(1)).isEqualTo(first);
        assertThat(draws(2)).isNotEqualTo(first);
    }

    @Test
    void drawsAreUniform() {
        double sum = 0;
        double squares = 0;
        double least = 1;
        double most = 0;
        int count = 100_000;
        for (int i = 0; i < count; i++) {
            double draw = Draws.uniform(i % 100, i / 100);
            least = Math.min(least, draw);
            most = Math.max(most, draw);
            sum += draw;
            squares += draw * draw;
        }

        assertThat(least).isBetween(0.0, 0.001);
        assertThat(most).isBetween(0.999, Math.nextDown(1.0));
        assertThat(sum / count).isCloseTo(0.5, within(0.005));
        assertThat(squares / count).isCloseTo(1.0 / 3, within(0.005));
    }

    private List<Integer> draws(long seed) {
        List<Integer> tokens = new ArrayList<>();
        for (int length = 1; length < 20; length++) {
            Sequence sequence = sequence(Requests.random(2, seed), 1);
            for (int i = 1; i < length; i++) {
                sequence.append(3, 0);
            }
            tokens.add(sampler.next(output(logits(9)), 0, sequence).id());
        }
        return tokens;
    }

    /** Many distributions, histories and draws under the same options. */
    private void compare(SamplingParameters sampling) {
        for (int i = 0; i < 100; i++) {
            float[] logits = logits(i);
            Sequence sequence = sequence(withSeed(sampling, i), 5, 6, 5, 150);
            for (int token : new Random(i).ints(i % 20, 0, VOCABULARY).toArray()) {
                sequence.append(token, 0);
            }
            GeneratedToken token = sampler.next(output(logits), 0, sequence);
            assertThat(token.id()).as("%s, case %s", sampling, i).isEqualTo(expected(logits, sequence));
        }
    }

    /** The definition, step by step. */
    private static int expected(float[] model, Sequence sequence) {
        SamplingParameters sampling = sequence.sampling();
        float[] logits = penalized(model, sequence);
        List<Integer> kept = order(logits);
        if (sampling.isGreedy()) {
            return kept.get(0);
        }
        double[] probabilities = softmax(logits, sampling.temperature());
        if (sampling.topK() > 0) {
            kept = kept.subList(0, Math.min(sampling.topK(), kept.size()));
        }
        double mass = kept.stream().mapToDouble(id -> probabilities[id]).sum() * sampling.topP();
        List<Integer> nucleus = new ArrayList<>();
        double sum = 0;
        for (int id : kept) {
            if (sum < mass || sampling.topP() == 1) {
                nucleus.add(id);
                sum += probabilities[id];
            }
        }
        double threshold = probabilities[kept.get(0)] * sampling.minP();
        List<Integer> left = nucleus.stream()
                .filter(id -> probabilities[id] >= threshold)
                .sorted()
                .toList();
        double draw = Draws.uniform(sequence.seed(), sequence.completionLength())
                * left.stream().mapToDouble(id -> probabilities[id]).sum();
        for (int id : left) {
            draw -= probabilities[id];
            if (draw < 0) {
                return id;
            }
        }
        return left.get(left.size() - 1);
    }

    private static float[] penalized(float[] model, Sequence sequence) {
        SamplingParameters sampling = sequence.sampling();
        int[] tokens = Arrays.copyOf(sequence.tokens(), sequence.length());
        Map<Integer, Integer> uses = new HashMap<>();
        Arrays.stream(tokens).skip(sequence.promptLength()).forEach(token -> uses.merge(token, 1, Integer::sum));
        float[] logits = model.clone();
        Arrays.stream(tokens)
                .distinct()
                .forEach(token -> logits[token] = logits[token] > 0
                        ? logits[token] / sampling.repetitionPenalty()
                        : logits[token] * sampling.repetitionPenalty());
        uses.forEach(
                (token, count) -> logits[token] -= sampling.frequencyPenalty() * count + sampling.presencePenalty());
        sampling.logitBias().forEach((token, bias) -> logits[token] += bias);
        return logits;
    }

    private static List<Integer> order(float[] logits) {
        return IntStream.range(0, logits.length)
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(id -> -logits[id]).thenComparing(id -> id))
                .toList();
    }

    private static double[] softmax(float[] logits, double temperature) {
        double max = IntStream.range(0, logits.length)
                .mapToDouble(i -> logits[i])
                .max()
                .orElseThrow();
        double[] weights = IntStream.range(0, logits.length)
                .mapToDouble(i -> Math.exp((logits[i] - max) / temperature))
                .toArray();
        double sum = Arrays.stream(weights).sum();
        return Arrays.stream(weights).map(weight -> weight / sum).toArray();
    }

    private static SamplingParameters withSeed(SamplingParameters sampling, long seed) {
        return new SamplingParameters(
                sampling.temperature(),
                sampling.topP(),
                sampling.topK(),
                sampling.minP(),
                sampling.repetitionPenalty(),
                sampling.frequencyPenalty(),
                sampling.presencePenalty(),
                sampling.logitBias(),
                OptionalLong.of(seed),
                sampling.topLogprobs());
    }

    private static Sequence sequence(SamplingParameters sampling, int... prompt) {
        return new Sequence(
                1,
                Requests.of(prompt).sampling(sampling).build(),
                new RecordingTokenSink(),
                AdapterMix.of(List.of()),
                Map.of(),
                PrefixKey.ofHash(new byte[0]),
                false,
                100,
                sampling.seed().orElse(0),
                0);
    }

    /** Peaked like a language model's, a few ties among them. */
    private static float[] logits(long seed) {
        Random random = new Random(seed);
        float[] logits = new float[VOCABULARY];
        for (int id = 0; id < VOCABULARY; id++) {
            logits[id] = Math.round(random.nextGaussian() * 40) / 10f;
        }
        return logits;
    }

    private static StepOutput output(float[] logits) {
        return new OneRow(logits);
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record OneRow(float[] values) implements StepOutput {
        @Override
        public int rows() {
            return 1;
        }

        @Override
        public int argmax(int row) {
            throw new AssertionError("the likeliest token is not enough here");
        }

        @Override
        public float[] logits(int row) {
            return values.clone();
        }

        @Override
        public void close() {}
    }

    private record ArgmaxOnly(int token) implements StepOutput {
        @Override
        public int rows() {
            return 1;
        }

        @Override
        public int argmax(int row) {
            return token;
        }

        @Override
        public float[] logits(int row) {
            throw new AssertionError("a copy of all logits for nothing");
        }

        @Override
        public void close() {}
    }

    private static OptionalLong seed() {
        return OptionalLong.of(1);
    }
}
