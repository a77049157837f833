package org.llmfactory.trainer.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.llmfactory.torch.TorchEngine;
import org.llmfactory.torch.TorchOptions;

/** Gradients and loss curves are those of transformers and peft. */
class OracleTest {
    static final List<String> FAMILIES = Fixture.FAMILIES;

    private static TorchEngine torch;

    @BeforeAll
    static void open() {
        torch = TorchEngine.open(TorchOptions.defaults());
    }

    @AfterAll
    static void close() {
        torch.close();
    }

    static Stream<Arguments> ways() {
        return FAMILIES.stream().flatMap(family -> Stream.of(Arguments.of(family, false), Arguments.of(family, true)));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void gradientsAreEqual(String family, boolean recompute) throws IOException {
        try (Fixture fixture = Fixture.open(family);
                TrainingProgram program = fixture.program(torch, recompute);
                TrainableAdapter adapter = fixture.adapter(program)) {
            List<Sequence> sequences = fixture.sequences();
            double loss =
                    sum(program.differentiate(List.of(part(adapter, sequences))).get(0));

            assertThat(loss).isCloseTo(fixture.curve().get(0), within(1e-4));
            assertThat(adapter.gradient()).containsExactly(fixture.expectedGradient(), within(1e-4f));
        }
    }

    @ParameterizedTest
    @FieldSource("FAMILIES")
    void fiftyStepsFollowTheSameCurve(String family) throws IOException {
        try (Fixture fixture = Fixture.open(family);
                TrainingProgram program = fixture.program(torch, false);
                TrainableAdapter adapter = fixture.adapter(program)) {
            List<Sequence> sequences = fixture.sequences();
            List<Double> curve = new ArrayList<>();
            for (int step = 1; step <= fixture.curve().size(); step++) {
                curve.add(sum(
                        program.differentiate(List.of(part(adapter, sequences))).get(0)));
                adapter.step(step, fixture.number("rate"), fixture.number("decay"), fixture.number("limit"));
            }

            for (int i = 0; i < curve.size(); i++) {
                double expected = fixture.curve().get(i);
                assertThat(curve.get(i)).as("loss of step %d", i + 1).isCloseTo(expected, within(0.02 * expected));
            }
        }
    }

    @ParameterizedTest
    @FieldSource("FAMILIES")
    void evaluationFindsTheSameFigures(String family) throws IOException {
        try (Fixture fixture = Fixture.open(family);
                TrainingProgram program = fixture.program(torch, false);
                TrainableAdapter adapter = fixture.adapter(program)) {
            List<Part> parts = List.of(part(adapter, fixture.sequences()));
            assertThat(sum(program.evaluate(parts).get(0)))
                    .isCloseTo(fixture.curve().get(0), within(1e-4));
            assertThat(program.evaluate(parts).get(0).stream()
                            .mapToInt(Figures::hits)
                            .sum())
                    .isEqualTo(program.differentiate(parts).get(0).stream()
                            .mapToInt(Figures::hits)
                            .sum());
        }
    }

    private static Part part(TrainableAdapter adapter, List<Sequence> sequences) {
        return new Part(adapter, sequences, Collections.nCopies(sequences.size(), 1F / total(sequences)), 0);
    }

    private static int total(List<Sequence> sequences) {
        return sequences.stream().mapToInt(Sequence::trainedTokens).sum();
    }

    private static double sum(List<Figures> figures) {
        return figures.stream().reduce(Figures.NONE, Figures::plus).meanLoss();
    }
}
