package org.llmfactory.inference.remote.controller;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmfactory.api.inference.EngineStatus;
import org.llmfactory.api.network.AgentReport.EngineReport;

final class EngineLoadTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "idle,                                        0, 0, 0, 0, 0, 0",
        "what others have there,                      3, 2, 0, 0, 3, 2",
        "what was sent since is waiting,              3, 2, 4, 0, 3, 6",
        "what ended since runs no more,               3, 0, 0, 2, 1, 0",
        "what ended since first leaves the queue,     3, 2, 0, 2, 3, 0",
        "no less than what is known to be there,      0, 0, 2, 0, 0, 2"
    })
    void theLastReportIsCorrected(
            String what, int running, int waiting, int begunSince, int endedSince, int seenRunning, int seenWaiting) {
        EngineLoad load = new EngineLoad(report(0, 0));
        for (int i = 0; i < endedSince; i++) {
            load.begin(List.of());
        }
        load.report(report(running, waiting));
        for (int i = 0; i < begunSince; i++) {
            load.begin(List.of());
        }
        for (int i = 0; i < endedSince; i++) {
            load.end(List.of(), 1);
        }

        EngineStatus status = load.status();

        assertThat(status.running()).as(what).isEqualTo(seenRunning);
        assertThat(status.waiting()).as(what).isEqualTo(seenWaiting);
    }

    @Test
    void adaptersAreTakenForResidentWhileARequestBringsThem() {
        EngineLoad load = new EngineLoad(report(0, 0, "a"));
        load.begin(List.of("b", "c"));
        load.begin(List.of("b"));

        assertThat(load.status().residentAdapters()).containsExactlyInAnyOrder("a", "b", "c");
        load.end(List.of("b", "c"), 1);
        assertThat(load.status().residentAdapters()).containsExactlyInAnyOrder("a", "b");
        load.end(List.of("b"), 1);
        assertThat(load.status().residentAdapters()).containsExactly("a");
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 0", "2, 1", "3, 2", "4, 4", "6, 16", "7, 30", "100, 30"})
    void anEngineThatFailsAgainAndAgainIsLeftAloneForLonger(int failures, int seconds) {
        assertThat(ServedEngine.penalty(failures)).isEqualTo(Duration.ofSeconds(seconds));
    }

    private static EngineReport report(int running, int waiting, String... adapters) {
        return new EngineReport("base", "b".repeat(64), "cpu", List.of(adapters), running, waiting);
    }
}
