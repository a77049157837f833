package org.llmfactory.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.inference.testing.RecordingTokenSink;

final class EngineFairnessTest {
    @Test
    void twoTenantsAreServedEquallyThoughOneAsksTenTimesAsMuch() {
        try (EngineFixture fixture = EngineFixture.of(EngineFixture.limits(4, 64), 256)) {
            List<RecordingTokenSink> heavy = new ArrayList<>();
            List<RecordingTokenSink> light = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                heavy.add(fixture.submit(Requests.ofLength(8, i).tenant("heavy")));
            }
            for (int i = 0; i < 20; i++) {
                light.add(fixture.submit(Requests.ofLength(8, 1000 + i).tenant("light")));
            }

            // As long as both have something to do.
            int steps = 0;
            while (ended(light) < 20) {
                fixture.step();
                steps++;
            }

            assertThat(ended(heavy)).isBetween(16L, 26L);
            assertThat(steps).isLessThan(120);
            fixture.finish();
        }
    }

    @Test
    void longAnswersCountAsMuchAsManyShortOnes() {
        try (EngineFixture fixture = EngineFixture.of(EngineFixture.limits(1, 64), 256)) {
            List<RecordingTokenSink> talkative = new ArrayList<>();
            List<RecordingTokenSink> brief = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                talkative.add(fixture.submit(
                        Requests.ofLength(4, i).tenant("talkative").maxTokens(40)));
                brief.add(fixture.submit(
                        Requests.ofLength(4, 100 + i).tenant("brief").maxTokens(4)));
            }
            while (ended(brief) < 50) {
                fixture.step();
            }

            // 84 units of service for each talkative request, 12 for each brief one.
            assertThat(ended(talkative)).isBetween(6L, 9L);
            fixture.finish();
        }
    }

    @Test
    void requestsOfOneTenantBeginInTheOrderInWhichTheyCame() {
        try (EngineFixture fixture = EngineFixture.of(EngineFixture.limits(1, 64), 256)) {
            List<RecordingTokenSink> sinks = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                sinks.add(fixture.submit(Requests.ofLength(8, i).maxTokens(2)));
            }
            for (int i = 0; i < 5; i++) {
                fixture.steps(2);
                assertThat(ended(sinks)).isEqualTo(i + 1);
                assertThat(sinks.get(i).endings()).isEqualTo(1);
            }
        }
    }

    @Test
    void aTenantThatComesLateDoesNotWaitForTheBacklogOfAnother() {
        try (EngineFixture fixture = EngineFixture.of(EngineFixture.limits(2, 64), 256)) {
            for (int i = 0; i < 100; i++) {
                fixture.submit(Requests.ofLength(8, i).tenant("heavy"));
            }
            fixture.steps(40);

            RecordingTokenSink late = fixture.submit(Requests.ofLength(8, 500).tenant("late"));
            fixture.steps(20);

            assertThat(late.endings()).isEqualTo(1);
            fixture.finish();
        }
    }

    @Test
    void manyNewTenantsDoNotStarveAnOldOne() {
        try (EngineFixture fixture = EngineFixture.of(EngineFixture.limits(1, 64), 256)) {
            for (int i = 0; i < 10; i++) {
                fixture.submit(Requests.ofLength(8, i).tenant("old").maxTokens(2));
            }
            RecordingTokenSink last =
                    fixture.submit(Requests.ofLength(8, 99).tenant("old").maxTokens(2));
            int tenants = 0;
            while (last.endings() == 0 && tenants < 200) {
                fixture.submit(Requests.ofLength(8, 1000 + tenants)
                        .tenant("new-" + tenants)
                        .maxTokens(2));
                fixture.steps(2);
                tenants++;
            }

            assertThat(tenants).isLessThan(120);
            fixture.finish();
        }
    }

    @Test
    void aRequestWhoseAdapterFindsNoRoomIsServedWithinTheBound() {
        // Room for one adapter. Requests for the resident one keep coming, one always overlapping the next.
        try (EngineFixture fixture = EngineFixture.of(EngineFixture.adapterLimits(4, 10), 256)) {
            fixture.adapters().with("hot", 10).with("cold", 10);
            fixture.submit(Requests.ofLength(8, 0).adapter("hot").maxTokens(8));
            fixture.stepUntilResident("hot");
            RecordingTokenSink cold =
                    fixture.submit(Requests.ofLength(8, 1).adapter("cold").tenant("other"));
            int steps = 0;
            while (fixture.engine().status().residentAdapters().contains("hot") && steps < 200) {
                if (steps % 4 == 0) {
                    fixture.submit(
                            Requests.ofLength(8, 2 + steps).adapter("hot").maxTokens(8));
                }
                fixture.step();
                fixture.pass(Duration.ofMillis(99));
                steps++;
            }

            // The bound is three seconds of a tenth each; then the running ones end within eight steps.
            assertThat(steps).isBetween(30, 40);
            fixture.finish();
            assertThat(cold.failure()).isEmpty();
        }
    }

    @Test
    void roomThatIsNotEnoughForTheOldestIsNotGivenToThoseBehind() {
        try (EngineFixture fixture = EngineFixture.of(EngineFixture.adapterLimits(4, 20), 256)) {
            fixture.adapters().with("running", 10).with("large", 20).with("small", 10);
            fixture.submit(Requests.ofLength(8, 0).adapter("running").maxTokens(20));
            fixture.stepUntilResident("running");
            fixture.submit(Requests.ofLength(8, 1).adapter("large"));
            fixture.submit(Requests.ofLength(8, 2).adapter("small"));

            fixture.finish();

            assertThat(fixture.adapters().loads()).containsExactly("running", "large", "small");
        }
    }

    @Test
    void baseRequestsGoOnWhileAdapterMemoryIsKeptForAnother() {
        try (EngineFixture fixture = EngineFixture.of(EngineFixture.adapterLimits(8, 10), 256)) {
            fixture.adapters().with("hot", 10).with("cold", 10);
            RecordingTokenSink running =
                    fixture.submit(Requests.ofLength(8, 0).adapter("hot").maxTokens(50));
            fixture.stepUntilResident("hot");
            fixture.submit(Requests.ofLength(8, 1).adapter("cold"));
            fixture.step();
            fixture.pass(Duration.ofSeconds(5));

            RecordingTokenSink another = fixture.submit(Requests.ofLength(8, 2).adapter("hot"));
            RecordingTokenSink base = fixture.submit(Requests.ofLength(8, 3));
            fixture.steps(10);

            assertThat(running.endings()).isZero();
            assertThat(another.ids()).isEmpty();
            assertThat(base.endings()).isEqualTo(1);
            fixture.finish();
        }
    }

    private static long ended(List<RecordingTokenSink> sinks) {
        return sinks.stream().filter(sink -> sink.endings() > 0).count();
    }
}
