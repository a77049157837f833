package org.llmfactory.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.inference.testing.RecordingTokenSink;

final class EngineAdaptersTest {
    private static final int VOCABULARY = EngineFixture.VOCABULARY;

    @Test
    void anAdapterIsLoadedOnceHoweverManyRequestsWaitForIt() {
        try (EngineFixture fixture = EngineFixture.roomy()) {
            fixture.adapters().with("a", 10).hold("a");
            List<RecordingTokenSink> sinks = IntStream.range(0, 20)
                    .mapToObj(i -> fixture.submit(Requests.ofLength(5, i).adapter("a")))
                    .toList();
            fixture.steps(3);

            fixture.adapters().letGo("a");
            fixture.finish();

            assertThat(fixture.adapters().loads()).containsExactly("a");
            assertThat(sinks).allSatisfy(sink -> assertThat(sink.ids()).hasSize(8));
        }
    }

    @Test
    void aBrokenAdapterFailsItsOwnRequestsOnlyAndIsTriedAgain() {
        try (EngineFixture fixture = EngineFixture.roomy()) {
            fixture.adapters().with("good", 10).with("broken", 10);
            fixture.adapters()
                    .failWith("broken", new FactoryException(ErrorCode.INVALID_FILE, "The weights are truncated."));
            Requests request = Requests.ofLength(5, 1);

            RecordingTokenSink broken = fixture.submit(request.adapter("broken"));
            RecordingTokenSink mixed = fixture.submit(request.adapter("good").adapter("broken"));
            RecordingTokenSink good = fixture.submit(request.adapter("good"));
            fixture.finish();

            assertThat(List.of(broken, mixed))
                    .allSatisfy(sink -> assertThat(sink.failure().orElseThrow())
                            .hasMessage("The weights are truncated.")
                            .extracting(FactoryException::code)
                            .isEqualTo(ErrorCode.INVALID_FILE));
            assertThat(good.ids()).isEqualTo(request.adapter("good").greedyAnswer(VOCABULARY));

            fixture.adapters().repair("broken");
            assertThat(fixture.answer(request.adapter("broken")).ids())
                    .isEqualTo(request.adapter("broken").greedyAnswer(VOCABULARY));
        }
    }

    @Test
    void anUnexpectedFailureOfALoadBecomesATypedError() {
        try (EngineFixture fixture = EngineFixture.roomy()) {
            fixture.adapters().with("a", 10).failWith("a", new IllegalStateException("secret detail"));

            FactoryException failure =
                    fixture.answer(Requests.of(1).adapter("a")).failure().orElseThrow();

            assertThat(failure.code()).isEqualTo(ErrorCode.INTERNAL);
            assertThat(failure).hasMessageNotContaining("secret");
        }
    }

    @Test
    void moreAdaptersThanFitTakeTurns() {
        try (EngineFixture fixture = EngineFixture.of(EngineFixture.adapterLimits(8, 30), 256)) {
            IntStream.range(0, 10).forEach(i -> fixture.adapters().with("adapter-" + i, 10));
            List<Requests> requests = IntStream.range(0, 40)
                    .mapToObj(i -> Requests.ofLength(5, i).adapter("adapter-" + i % 10))
                    .toList();

            List<RecordingTokenSink> sinks =
                    requests.stream().map(fixture::submit).toList();
            fixture.finish();

            for (int i = 0; i < requests.size(); i++) {
                assertThat(sinks.get(i).ids()).isEqualTo(requests.get(i).greedyAnswer(VOCABULARY));
            }
            assertThat(fixture.adapters().bytesInMemory()).isLessThanOrEqualTo(30);
        }
    }

    @Test
    void overlappingMixesInAPoolThatHoldsOneOfThemNeverWaitForEachOther() {
        try (EngineFixture fixture = EngineFixture.of(EngineFixture.adapterLimits(8, 20), 256)) {
            fixture.adapters().with("a", 10).with("b", 10).with("c", 10);
            List<Requests> requests = IntStream.range(0, 30)
                    .mapToObj(i -> switch (i % 3) {
                        case 0 -> Requests.ofLength(5, i).adapter("a").adapter("b");
                        case 1 -> Requests.ofLength(5, i).adapter("b").adapter("c");
                        default -> Requests.ofLength(5, i).adapter("c").adapter("a");
                    })
                    .toList();

            List<RecordingTokenSink> sinks =
                    requests.stream().map(fixture::submit).toList();
            fixture.finish();

            for (int i = 0; i < requests.size(); i++) {
                assertThat(sinks.get(i).ids()).isEqualTo(requests.get(i).greedyAnswer(VOCABULARY));
            }
        }
    }

    @Test
    void removingARegistrationLetsRunningRequestsFinishAndRefusesNewOnes() {
        try (EngineFixture fixture = EngineFixture.roomy()) {
            fixture.adapters().with("a", 10);
            Requests request = Requests.ofLength(5, 1).adapter("a").maxTokens(20);
            RecordingTokenSink running = fixture.submit(request);
            fixture.stepUntilResident("a");
            fixture.step();

            fixture.adapters().remove("a");

            assertThatThrownBy(() -> fixture.engine().submit(request.build(), new RecordingTokenSink()))
                    .isInstanceOfSatisfying(
                            FactoryException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.MODEL_NOT_FOUND));
            fixture.finish();
            assertThat(running.ids()).isEqualTo(request.greedyAnswer(VOCABULARY));
        }
    }

    @Test
    void severalAdaptersAreLoadedAtTheSameTime() {
        try (EngineFixture fixture = EngineFixture.roomy()) {
            List<String> names = List.of("a", "b", "c", "d");
            names.forEach(name -> {
                fixture.adapters().with(name, 10).hold(name);
                fixture.submit(Requests.of(1).adapter(name));
            });
            fixture.step();

            // The last one is let go first: were they loaded one after the other, it would never come.
            fixture.adapters().letGo("d");
            fixture.stepUntilResident("d");

            names.subList(0, 3).forEach(fixture.adapters()::letGo);
            fixture.finish();
            assertThat(fixture.adapters().loads()).containsExactlyInAnyOrderElementsOf(names);
        }
    }
}
