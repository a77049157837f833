package org.llmfactory.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Area;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.KeyScope;
import org.llmfactory.gateway.GatewayFixture;

final class GatewayCompletionsTest {
    private static final Map<String, Object> TALK =
            Map.of("model", "base", "messages", List.of(Map.of("role", "user", "content", "hi")), "stream", true);

    private final GatewayFixture gateway = GatewayFixture.saying("oh");

    @AfterEach
    void close() {
        gateway.close();
    }

    private GatewayCompletions completions() {
        return new GatewayCompletions(gateway.models, gateway.generations, gateway.governance, GatewayFixture.LIMITS);
    }

    @Test
    void conversationIsAnsweredWhole() throws InterruptedException {
        Map<String, Object> answer = completions().chat(Caller.platform(), TALK);

        assertThat(answer).containsEntry("object", "chat.completion");
        assertThat(answer.toString()).contains("content=oh");
        assertThat(gateway.inFlight.count()).isZero();
    }

    @Test
    void textIsContinued() throws InterruptedException {
        Map<String, Object> answer =
                completions().text(Caller.platform(), Map.of("model", "base", "prompt", List.of("a", "b")));

        assertThat((List<?>) answer.get("choices")).hasSize(2);
    }

    @Test
    void whoMayNotGenerateIsRefused() {
        Caller all = Caller.platform();
        Caller reader = new Caller(
                all.kind(),
                all.id(),
                all.project(),
                all.organizationRole(),
                all.projects(),
                Optional.empty(),
                KeyScope.of(EnumSet.of(Area.DATA)));

        assertThatThrownBy(() -> completions().chat(reader, TALK))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.PERMISSION_DENIED));
        assertThat(gateway.engine.requests()).isEmpty();
    }
}
