package org.llmfactory.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

final class OptionalServiceTest {
    private final OptionalService<String> service = new OptionalService<>();

    @Test
    void isThereWhileItIsBound() {
        assertThat(service.get()).isEmpty();

        service.bind("one");
        assertThat(service.get()).contains("one");
        assertThat(service.require("Away.")).isEqualTo("one");

        service.unbind("one");
        assertThat(service.get()).isEmpty();
    }

    @Test
    void successorStaysWhenTheFormerOneGoes() {
        service.bind("one");
        service.bind("two");
        service.unbind("one");

        assertThat(service.get()).contains("two");
    }

    @Test
    void callerIsToldToTryAgainWhileThereIsNone() {
        assertThatThrownBy(() -> service.require("The plugin is not running."))
                .hasMessage("The plugin is not running.")
                .isInstanceOfSatisfying(FactoryException.class, refusal -> {
                    assertThat(refusal.code()).isEqualTo(ErrorCode.OVERLOADED);
                    assertThat(refusal.retryAfter()).contains(Duration.ofSeconds(5));
                });
    }
}
