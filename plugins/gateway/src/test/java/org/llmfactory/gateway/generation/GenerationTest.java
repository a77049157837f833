package org.llmfactory.gateway.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.testing.InMemoryAuthenticator;
import org.llmfactory.api.inference.SamplingParameters;
import org.llmfactory.api.inference.testing.ScriptedInferenceEngine.Script;
import org.llmfactory.gateway.Configs;
import org.llmfactory.gateway.GatewayFixture;
import org.llmfactory.gateway.http.Client;

final class GenerationTest {
    private static final int[] PROMPT = GatewayFixture.ids("prompt");

    @Test
    void stopTextEndsTheSequenceAtTheEngineToo() throws InterruptedException {
        try (GatewayFixture gateway =
                new GatewayFixture(request -> Script.of(GatewayFixture.ids("one. two. three.")))) {
            gateway.engine.stepByStep();
            Generation generation = start(gateway, new StopRules(List.of(". "), Set.of(), false, false), 1);
            gateway.engine.allow(6);
            List<GeneratedText> texts = generation.complete();

            assertThat(texts.get(0).text()).isEqualTo("one");
            assertThat(texts.get(0).ending().reason()).isEqualTo(Ending.Reason.STOP_TEXT);
            TokenUsage usage = generation.settle();
            // The engine may have been a step ahead; what it computed is what is counted.
            assertThat(usage.completionTokens()).isBetween(5, 6);
            assertThat(usage.completionTokens())
                    .isEqualTo((int) gateway.engine.status().generatedTokens());
            assertThat(usage.promptTokens()).isEqualTo(6);
            generation.close();
        }
    }

    @Test
    void promptIsCountedOnceForSeveralCandidates() throws InterruptedException {
        try (GatewayFixture gateway = GatewayFixture.saying("ab")) {
            try (Generation generation = start(gateway, StopRules.NONE, 3)) {
                assertThat(generation.complete()).hasSize(3);
                assertThat(generation.settle().promptTokens()).isEqualTo(6);
                assertThat(generation.settle().completionTokens()).isEqualTo(9);
            }
        }
    }

    @Test
    void candidatesHaveSeedsOfTheirOwn() throws InterruptedException {
        try (GatewayFixture gateway = GatewayFixture.saying("a")) {
            try (Generation generation = start(gateway, StopRules.NONE, 2)) {
                generation.complete();
            }
            assertThat(gateway.engine.requests())
                    .extracting(request -> request.sampling().seed().getAsLong())
                    .containsExactly(7L, 8L);
        }
    }

    @Test
    void refusalOfOneSequenceEndsTheOthers() {
        try (GatewayFixture gateway = GatewayFixture.saying("abc")) {
            gateway.engine.stepByStep().withCapacity(2);

            assertThatThrownBy(() -> start(gateway, StopRules.NONE, 3))
                    .isInstanceOf(FactoryException.class)
                    .extracting("code")
                    .isEqualTo(ErrorCode.OVERLOADED);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(5))
                    .until(() -> gateway.engine.status().running() == 0);
            assertThat(gateway.inFlight.count()).isZero();
        }
    }

    @Test
    void failureOfOneSequenceIsTheRequests() {
        FactoryException reason = new FactoryException(ErrorCode.INVALID_FILE, "The adapter is damaged.");
        try (GatewayFixture gateway = new GatewayFixture(request -> Script.of(1).failingWith(reason));
                Generation generation = start(gateway, StopRules.NONE, 1)) {
            assertThatThrownBy(generation::complete).isSameAs(reason);
        }
    }

    @Test
    void deadlineReachesTheEngine() {
        try (GatewayFixture gateway = GatewayFixture.saying("abc")) {
            gateway.engine.stepByStep();
            TextGeneration impatient = new TextGeneration(
                    gateway.inFlight,
                    new GatewayMetrics(),
                    gateway.governance,
                    Configs.with(TextGeneration.Config.class, Map.of("deadlineSeconds", 1)));

            assertThatThrownBy(() -> {
                        try (Generation generation = start(impatient, gateway, StopRules.NONE, 1)) {
                            generation.complete();
                        }
                    })
                    .isInstanceOf(FactoryException.class)
                    .extracting("code")
                    .isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
        }
    }

    @Test
    void tooManySequencesAreRefused() {
        try (GatewayFixture gateway = GatewayFixture.saying("abc")) {
            assertThatThrownBy(() -> start(gateway, StopRules.NONE, 129)).hasMessageContaining("128 answers");
            assertThat(gateway.inFlight.count()).isZero();
        }
    }

    @Test
    void answerMayFillTheContextWhenNoLimitIsGiven() throws InterruptedException {
        try (GatewayFixture gateway = GatewayFixture.saying("a")) {
            try (Generation generation = start(gateway, StopRules.NONE, 1)) {
                generation.complete();
            }
            assertThat(gateway.lastRequest().stop().maxTokens()).isEqualTo(4096 - 6);
        }
    }

    @Test
    void endOfTextIsIgnoredOnRequest() throws InterruptedException {
        try (GatewayFixture gateway = GatewayFixture.saying("a")) {
            try (Generation generation = start(gateway, new StopRules(List.of(), Set.of(), true, false), 1)) {
                generation.complete();
            }
            assertThat(gateway.lastRequest().stop().ignoreStopTokens()).isTrue();
        }
    }

    private static Generation start(GatewayFixture gateway, StopRules stop, int candidates) {
        return start(gateway.generations, gateway, stop, candidates);
    }

    private static Generation start(
            TextGeneration generations, GatewayFixture gateway, StopRules stop, int candidates) {
        SamplingParameters sampling = new SamplingParameters(1, 1, 0, 0, 1, 0, 0, Map.of(), OptionalLong.of(7), -1);
        GenerationOptions options = new GenerationOptions(sampling, stop, OptionalInt.empty(), false);
        try {
            return generations.start(
                    new Client(InMemoryAuthenticator.USER, "192.0.2.1"),
                    "id",
                    gateway.models.resolve(InMemoryAuthenticator.USER, "base"),
                    new TextInput(List.of(PROMPT), List.of("prompt")),
                    candidates,
                    options);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
