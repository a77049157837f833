package org.llmfactory.sysinfo.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.inference.InferenceEngine;
import org.llmfactory.api.inference.testing.ScriptedInferenceEngine;
import org.llmfactory.api.model.ModelInfo;
import org.llmfactory.api.network.AgentReport.EngineReport;

class LocalEnginesTest {
    private final ScriptedInferenceEngine engine = ScriptedInferenceEngine.answering(
            new ModelInfo("model", "1".repeat(64), "llama", 100, 100, Instant.EPOCH), 1);
    private final LocalEngines engines = new LocalEngines();

    @AfterEach
    void stop() {
        engine.close();
    }

    @Test
    void anEngineOfThisAgentIsReported() {
        assertThat(engines.add(engine, Map.of())).isTrue();

        assertThat(engines.reports())
                .containsExactly(new EngineReport("model", "1".repeat(64), "cpu", List.of(), 0, 0));
    }

    @Test
    void anEngineOfAnotherAgentIsNot() {
        assertThat(engines.add(engine, Map.of(InferenceEngine.AGENT, "shared/node-2")))
                .isFalse();

        assertThat(engines.reports()).isEmpty();
        assertThat(engines.remove(engine)).isFalse();
    }

    @Test
    void anEngineThatHasGoneIsNoLongerReported() {
        engines.add(engine, Map.of());

        assertThat(engines.remove(engine)).isTrue();
        assertThat(engines.reports()).isEmpty();
    }
}
