package org.llmfactory.inference.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.felix.hc.api.Result;
import org.junit.jupiter.api.Test;
import org.llmfactory.inference.internal.ModelState.Phase;

final class EngineHealthCheckTest {
    private static final ModelState READY = new ModelState("good", Phase.READY, "");
    private static final ModelState FAILED = new ModelState("bad", Phase.FAILED, "The weights are truncated.");

    @Test
    void anAgentWithoutModelsIsWell() {
        Result result = EngineHealthCheck.report(List.of());

        assertThat(result.getStatus()).isEqualTo(Result.Status.OK);
        assertThat(result.toString()).contains("model pull");
    }

    @Test
    void aServedModelIsWell() {
        assertThat(EngineHealthCheck.report(List.of(READY)).getStatus()).isEqualTo(Result.Status.OK);
    }

    @Test
    void aLoadingModelIsNotReadyYet() {
        Result result = EngineHealthCheck.report(List.of(READY, new ModelState("big", Phase.LOADING, "")));

        assertThat(result.getStatus()).isEqualTo(Result.Status.TEMPORARILY_UNAVAILABLE);
    }

    @Test
    void aModelThatCannotBeServedIsAWarningBesideOneThatIs() {
        Result result = EngineHealthCheck.report(List.of(READY, FAILED));

        assertThat(result.getStatus()).isEqualTo(Result.Status.WARN);
        assertThat(result.toString()).contains("The weights are truncated.");
    }

    @Test
    void anAgentThatServesNoneOfItsModelsIsCritical() {
        assertThat(EngineHealthCheck.report(List.of(FAILED)).getStatus()).isEqualTo(Result.Status.CRITICAL);
    }

    @Test
    void anEngineThatFailsIsCritical() {
        ModelState broken = new ModelState("small", Phase.BROKEN, "its last steps failed");

        assertThat(EngineHealthCheck.report(List.of(READY, broken)).getStatus()).isEqualTo(Result.Status.CRITICAL);
    }
}
