package org.llmfactory.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SamplersTest {
    private static final List<Parameter> SPACE = List.of(
            new Parameter.Range("x", -5, 10, 0, false),
            new Parameter.Range("y", 0, 15, 0, false),
            new Parameter.Range("rate", 1e-5, 1e-1, 0, true),
            new Parameter.Range("n", 1, 8, 1, false),
            new Parameter.Choice("kind", 3));

    private static double loss(Map<String, Double> at) {
        double x = at.get("x");
        double y = at.get("y");
        double branin = Math.pow(y - 5.1 / (4 * Math.PI * Math.PI) * x * x + 5 / Math.PI * x - 6, 2)
                + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x)
                + 10;
        return branin
                + 5 * Math.pow(Math.log10(at.get("rate")) + 3, 2)
                + Math.pow(at.get("n") - 3, 2)
                + (at.get("kind") == 1 ? 0 : 10);
    }

    private static List<Trial> search(
            Sampler sampler, long seed, int trials, ToDoubleFunction<Map<String, Double>> loss) {
        List<Trial> all = new ArrayList<>();
        for (int i = 0; i < trials; i++) {
            Map<String, Double> values = sampler.propose(SPACE, all, seed);
            all.add(new Trial(values, OptionalDouble.of(loss.applyAsDouble(values))));
        }
        return all;
    }

    private static double best(List<Trial> trials) {
        return trials.stream()
                .mapToDouble(trial -> trial.loss().orElseThrow())
                .min()
                .orElseThrow();
    }

    @Test
    void theEstimatorFindsMoreThanChance() {
        int wins = 0;
        double chance = 0;
        double estimated = 0;
        for (int seed = 0; seed < 30; seed++) {
            double random = best(search(Sampler.random(), seed, 60, SamplersTest::loss));
            double tpe = best(search(Sampler.tpe(), seed, 60, SamplersTest::loss));
            wins += tpe < random ? 1 : 0;
            chance += random / 30;
            estimated += tpe / 30;
        }

        assertThat(wins).isGreaterThan(22);
        assertThat(estimated).isLessThan(chance * 0.6);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsProposedIsAllowedAndFollowsFromTheSeed(boolean estimated) {
        Sampler sampler = estimated ? Sampler.tpe() : Sampler.random();
        List<Trial> trials = search(sampler, 3, 40, SamplersTest::loss);

        assertThat(trials).isEqualTo(search(sampler, 3, 40, SamplersTest::loss));
        assertThat(trials).isNotEqualTo(search(sampler, 4, 40, SamplersTest::loss));
        assertThat(trials).allSatisfy(trial -> {
            assertThat(trial.values().get("x")).isBetween(-5.0, 10.0);
            assertThat(trial.values().get("rate")).isBetween(1e-5, 1e-1);
            assertThat(trial.values().get("n"))
                    .isBetween(1.0, 8.0)
                    .isEqualTo(Math.rint(trial.values().get("n")));
            assertThat(trial.values().get("kind")).isIn(0.0, 1.0, 2.0);
        });
        assertThat(trials.stream().map(trial -> trial.values().get("n")).distinct())
                .hasSizeGreaterThan(4);
    }

    /** Workers side by side: what runs already is not tried once more. */
    @Test
    void trialsThatRunArePassedBy() {
        List<Trial> trials = search(Sampler.tpe(), 5, 30, SamplersTest::loss);
        List<Map<String, Double>> side = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Map<String, Double> values = Sampler.tpe().propose(SPACE, trials, 5);
            side.add(values);
            trials = new ArrayList<>(trials);
            trials.add(new Trial(values, OptionalDouble.empty()));
        }

        assertThat(side).doesNotHaveDuplicates();
    }

    @Test
    void aStepThatDoesNotDivideTheRangeEndsBelowIt() {
        Parameter.Range range = new Parameter.Range("r", 0, 1, 0.3, false);
        List<Parameter> space = List.of(range);

        assertThat(IntStream.range(0, 200)
                        .mapToObj(seed ->
                                Sampler.random().propose(space, List.of(), seed).get("r"))
                        .distinct()
                        .sorted())
                .usingComparatorForType((a, b) -> Math.abs(a - b) < 1e-9 ? 0 : Double.compare(a, b), Double.class)
                .containsExactly(0.0, 0.3, 0.6, 0.9);
    }

    @Test
    void spacesThatMeanNothingAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Parameter.Range("r", 1, 1, 0, false));
        assertThatIllegalArgumentException().isThrownBy(() -> new Parameter.Range("r", 0, 1, 0, true));
        assertThatIllegalArgumentException().isThrownBy(() -> new Parameter.Range("r", 0, 1, 2, false));
        assertThatIllegalArgumentException().isThrownBy(() -> new Parameter.Range("r", 0, Double.NaN, 0, false));
        assertThatIllegalArgumentException().isThrownBy(() -> new Parameter.Choice("c", 0));
        assertThatIllegalArgumentException().isThrownBy(() -> Sampler.check(List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sampler.check(List.of(new Parameter.Choice("c", 1), new Parameter.Choice("c", 2))));
    }

    @Test
    void theNormalDistributionIsThatOfTheTables() {
        assertThat(Normal.below(0)).isCloseTo(0.5, within(1e-7));
        assertThat(Normal.below(1.96)).isCloseTo(0.9750021, within(1e-7));
        assertThat(Normal.below(-3)).isCloseTo(0.0013498980, within(1e-9));
        assertThat(Normal.density(0)).isCloseTo(0.3989422804, within(1e-9));
    }

    @Test
    void aThirdGoesOn() {
        assertThat(IntStream.rangeClosed(1, 30).filter(SuccessiveHalving::isRung))
                .containsExactly(1, 3, 9, 27);
        assertThat(SuccessiveHalving.goesOn(1, List.of())).isTrue();
        assertThat(SuccessiveHalving.goesOn(1, List.of(0.5))).isFalse();
        assertThat(SuccessiveHalving.goesOn(0.4, List.of(0.5))).isTrue();
        assertThat(SuccessiveHalving.goesOn(2, List.of(1.0, 3.0, 4.0, 5.0, 6.0)))
                .isTrue();
        assertThat(SuccessiveHalving.goesOn(3.5, List.of(1.0, 3.0, 4.0, 5.0, 6.0)))
                .isFalse();
    }
}
