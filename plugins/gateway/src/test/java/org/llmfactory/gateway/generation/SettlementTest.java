package org.llmfactory.gateway.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.governance.Admission;
import org.llmfactory.api.governance.Outcome;
import org.llmfactory.api.governance.OutputScreen;
import org.llmfactory.api.governance.Work;
import org.llmfactory.api.governance.testing.RecordingGovernor.Settled;
import org.llmfactory.api.inference.SamplingParameters;
import org.llmfactory.api.inference.testing.ScriptedInferenceEngine.Script;
import org.llmfactory.api.ledger.Usage;
import org.llmfactory.gateway.GatewayFixture;
import org.llmfactory.gateway.model.AdapterReference;
import org.llmfactory.gateway.model.ResolvedModel;

/** That every request is admitted before anything is queued, and settled once, whatever becomes of it. */
final class SettlementTest {
    private static final int[] PROMPT = GatewayFixture.ids("prompt");

    private GatewayFixture gateway = GatewayFixture.saying("abc");

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void workSaysWhatIsAboutToBeDone() throws InterruptedException {
        List<AdapterReference> mix = List.of(
                new AdapterReference("pirate", 0.5f, "adapters[0].id"),
                new AdapterReference("poet", 0, "adapters[1].id"));
        ResolvedModel model = gateway.models.resolve(GatewayFixture.CLIENT.caller(), "base", mix);
        TextInput input = new TextInput(List.of(PROMPT, GatewayFixture.ids("two")), List.of("prompt", "two"));

        try (Generation generation = gateway.generations.start(
                GatewayFixture.CLIENT, "cmpl-1", model, input, 2, options(OptionalInt.of(10)))) {
            generation.complete();
            generation.settle();
        }

        Work work = onlySettled().work();
        assertThat(work.id()).isEqualTo("cmpl-1");
        assertThat(work.endpoint()).isEqualTo("completions");
        assertThat(work.address()).isEqualTo("192.0.2.7");
        assertThat(work.model()).isEqualTo("base");
        assertThat(work.adapters()).containsExactly(gateway.adapter("pirate").digest());
        assertThat(work.adapterNames()).containsExactly("pirate");
        assertThat(work.input()).containsExactly("prompt", "two");
        assertThat(work.inputTokens()).isEqualTo(9);
        assertThat(work.outputTokens()).isEqualTo(40);
    }

    @Test
    void completeAnswerIsSettledWithTheEnginesCounts() throws InterruptedException {
        try (Generation generation = start(2)) {
            generation.complete();
            assertThat(gateway.governor.settled()).isEmpty();

            assertThat(generation.settle().totalTokens()).isEqualTo(14);
            assertThat(gateway.governor.open()).isEqualTo(1);
        }

        assertThat(onlySettled().usage()).isEqualTo(Usage.ofTokens(6, 0, 8));
        assertThat(onlySettled().outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(onlySettled().output()).containsExactly("abc", "abc");
        assertThat(gateway.governor.open()).isZero();
    }

    @Test
    void cancelledAnswerIsSettledWithWhatWasGenerated() throws InterruptedException {
        gateway.engine.stepByStep();
        Generation generation = start(1);
        gateway.engine.allow(2);
        Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .until(() -> gateway.engine.status().generatedTokens() == 2);
        assertThat(generation.next(Duration.ofSeconds(5)).orElseThrow().text()).isEqualTo("a");
        generation.close();
        generation.close();

        assertThat(onlySettled().usage()).isEqualTo(Usage.ofTokens(6, 0, 2));
        assertThat(onlySettled().outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(onlySettled().output()).containsExactly("a");
        assertThat(gateway.inFlight.count()).isZero();
        assertThat(gateway.governor.open()).isZero();
    }

    @Test
    void brokenAnswerIsSettledWithWhatWasGenerated() {
        gateway.close();
        gateway = new GatewayFixture(request ->
                Script.of('a', 'b').failingWith(new FactoryException(ErrorCode.INTERNAL, "The engine broke.")));

        assertThatThrownBy(() -> {
                    try (Generation generation = start(1)) {
                        generation.complete();
                    }
                })
                .hasMessage("The engine broke.");

        assertThat(onlySettled().usage()).isEqualTo(Usage.ofTokens(6, 0, 2));
        assertThat(onlySettled().outcome()).isEqualTo(Outcome.FAILED);
    }

    @Test
    void refusalOfTheEngineIsSettledAsFailed() {
        gateway.engine.withCapacity(0);

        assertThatThrownBy(() -> start(1)).extracting("code").isEqualTo(ErrorCode.OVERLOADED);

        assertThat(onlySettled().usage()).isEqualTo(Usage.NONE);
        assertThat(onlySettled().outcome()).isEqualTo(Outcome.FAILED);
        assertThat(gateway.governor.open()).isZero();
        assertThat(gateway.inFlight.count()).isZero();
    }

    @Test
    void refusalOfTheGovernorQueuesNothing() {
        gateway.governor.refuse(
                FactoryException.retryLater(ErrorCode.RATE_LIMITED, Duration.ofSeconds(7), "Too many requests."));

        FactoryException refusal = catchThrowableOfType(FactoryException.class, () -> start(1));

        assertThat(refusal.code()).isEqualTo(ErrorCode.RATE_LIMITED);
        assertThat(refusal.retryAfter()).contains(Duration.ofSeconds(7));
        assertThat(gateway.engine.requests()).isEmpty();
        assertThat(gateway.inFlight.count()).isZero();
    }

    @Test
    void nothingIsLetInWithoutAGovernor() {
        gateway.governance.unsetGovernor(gateway.governor);

        FactoryException refusal = catchThrowableOfType(FactoryException.class, () -> start(1));

        assertThat(refusal.code()).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(refusal).hasMessageContaining("policies plugin is not running");
        assertThat(gateway.engine.requests()).isEmpty();
        assertThat(gateway.inFlight.count()).isZero();
    }

    @Test
    void requestThatFitsNoContextNeverReachesTheGovernor() {
        assertThatThrownBy(() -> start(1, OptionalInt.of(5000)))
                .extracting("code")
                .isEqualTo(ErrorCode.CONTEXT_LENGTH_EXCEEDED);

        assertThat(gateway.governor.settled()).isEmpty();
        assertThat(gateway.governor.open()).isZero();
    }

    @Test
    void blockedAnswerEndsAtTheEngineToo() throws InterruptedException {
        gateway.close();
        gateway = GatewayFixture.saying("it is bad" + " and goes on".repeat(100));
        gateway.engine.stepByStep();
        gateway.governor.forbid("bad");
        try (Generation generation = start(1)) {
            gateway.engine.allow(9);
            GeneratedText text = generation.complete().get(0);
            TokenUsage usage = generation.settle();

            assertThat(text.text()).isEqualTo("it is ");
            assertThat(text.tokens()).hasSize(6);
            assertThat(text.ending().openAiName()).isEqualTo("content_filter");
            assertThat(usage.completionTokens())
                    .isEqualTo((int) gateway.engine.status().generatedTokens())
                    .isEqualTo(9);
        }

        assertThat(onlySettled().outcome()).isEqualTo(Outcome.BLOCKED);
        assertThat(onlySettled().output()).containsExactly("it is ");
    }

    @Test
    void blockedPromptIsRefused() {
        gateway.governor.forbid("prompt");

        assertThatThrownBy(() -> start(1)).extracting("code").isEqualTo(ErrorCode.CONTENT_BLOCKED);
        assertThat(gateway.engine.requests()).isEmpty();
    }

    @Test
    void answerThatCannotBeSettledFails() {
        gateway.governance.setGovernor((caller, work) -> new Unsettled());

        assertThatThrownBy(() -> {
                    try (Generation generation = start(1)) {
                        generation.complete();
                        generation.settle();
                    }
                })
                .hasMessage("The ledger cannot be written.");
        assertThat(gateway.inFlight.count()).isZero();
    }

    @Test
    void headersTellLimitsAndHowLongTheChecksTook() {
        try (Generation generation = start(1)) {
            assertThat(generation.headers())
                    .containsEntry("x-ratelimit-limit-requests", "60")
                    .containsEntry("Server-Timing", "policy;dur=0.000, limit;dur=0.000, audit;dur=0.000");
        }
    }

    private Settled onlySettled() {
        assertThat(gateway.governor.settled()).hasSize(1);
        return gateway.governor.settled().get(0);
    }

    private Generation start(int candidates) {
        return start(candidates, OptionalInt.empty());
    }

    private Generation start(int candidates, OptionalInt maxTokens) {
        try {
            ResolvedModel model = gateway.models.resolve(GatewayFixture.CLIENT.caller(), "base");
            TextInput input = new TextInput(List.of(PROMPT), List.of("prompt"));
            return gateway.generations.start(GatewayFixture.CLIENT, "id", model, input, candidates, options(maxTokens));
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private static GenerationOptions options(OptionalInt maxTokens) {
        return new GenerationOptions(SamplingParameters.GREEDY, StopRules.NONE, maxTokens, false);
    }

    /** Work whose end cannot be entered. */
    private static final class Unsettled implements Admission {
        @Override
        public Map<String, String> headers() {
            return Map.of();
        }

        @Override
        public OutputScreen screen() {
            return OutputScreen.OPEN;
        }

        @Override
        public void settle(Usage usage, Outcome outcome, List<String> output) {
            throw FactoryException.retryLater(
                    ErrorCode.OVERLOADED, Duration.ofSeconds(1), "The ledger cannot be written.");
        }

        @Override
        public Map<String, Double> timings() {
            return Map.of();
        }

        @Override
        public void close() {}
    }
}
